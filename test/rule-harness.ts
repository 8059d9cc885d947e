import type { Project, Subject } from '../src/core/rule.js';
import { readSubjects } from '../src/index.js';
import { memoryProject } from '../src/project/memory.js';

/** What the rules see of these files: of every devcontainer.json among them, under any name that ends so. */
export async function subjectsOf(
  files: Readonly<Record<string, string>>,
): Promise<{ subjects: readonly Subject[]; project: Project }> {
  const project = memoryProject(files);
  const paths = Object.keys(files).filter((path) => path.endsWith('devcontainer.json'));
  return { subjects: await readSubjects(paths, project), project };
}
