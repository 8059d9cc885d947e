import type { Project, Subject } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import type { JsonDocument } from '../documents/json.js';
import { buildServices } from './build-container.js';
import type { ComposeParts, Container } from './container.js';

/** What the compose files of a dev container add to look at: its neighbours, and what could not be read. */
export function composeSubjects({
  neighbours,
  unread,
}: Pick<ComposeParts, 'neighbours' | 'unread'>): readonly Subject[] {
  return [
    ...neighbours.flatMap((value): Subject[] => [
      { on: 'container', value, about: aboutService(value) },
      { on: 'image', value, about: aboutService(value) },
    ]),
    ...unread.map((value): Subject => ({ on: 'unreadable', value })),
  ];
}

function aboutService({ service = '' }: Container): string {
  return `service ${service}`;
}

/** Compose files that were named themselves, without those that a dev container uses: these are read with it. */
export async function readLoneCompose(
  paths: readonly string[],
  known: ReadonlyMap<string, JsonDocument>,
  project: Project,
): Promise<{ readonly subjects: readonly Subject[]; readonly documents: readonly JsonDocument[] }> {
  const subjects: Subject[] = [];
  const documents: JsonDocument[] = [];
  for (const path of paths) {
    const result = known.has(path) ? undefined : project.read(path);
    if (!result) continue;
    const file: SourceFile = 'file' in result ? result.file : { path, text: '' };
    const parts = await buildServices(file, project);
    subjects.push(...composeSubjects(parts));
    documents.push(...parts.documents);
  }
  return { subjects, documents };
}
