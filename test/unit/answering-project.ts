import type { Project, RuleExample } from '../../src/core/rule.js';
import { memoryProject } from '../../src/index.js';
import { keyOf } from '../../src/registry/ask.js';

/** A project of these files, for which registries have said what an example tells. */
export function answeringProject(
  files: Readonly<Record<string, string>>,
  online: RuleExample['online'] = [],
): Project {
  const pins = new Map(online.map(({ pin, ...wanted }) => [keyOf(wanted), pin]));
  return { ...memoryProject(files), pinOf: (wanted) => pins.get(keyOf(wanted)) };
}
