import { buildContainer } from '../src/container/build-container.js';
import type { Project, Subject } from '../src/core/rule.js';
import { parseJson } from '../src/documents/json.js';
import { memoryProject } from '../src/project/memory.js';

/** The subjects that an example's files give, as the linter would make them: one container per devcontainer.json. */
export async function subjectsOf(
  files: Readonly<Record<string, string>>,
): Promise<{ subjects: readonly Subject[]; project: Project }> {
  const project = memoryProject(files);
  const subjects: Subject[] = [];
  for (const [path, text] of Object.entries(files)) {
    if (!/(?:^|\/)\.?devcontainer\.json$/.test(path)) continue;
    const document = parseJson({ path, text });
    for (const { at, message } of document.problems) {
      subjects.push({ on: 'unreadable', value: { file: document.file, at, message } });
    }
    subjects.push({ on: 'container', value: await buildContainer(document, project) });
  }
  return { subjects, project };
}
