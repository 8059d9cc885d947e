import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportName, hasRule, writeLists } from './rule-list.js';

/** `npm run new-rule <group> <id>`: a skeleton that fails its test until it says something, and its place in the list. */
export function createRule(root: string, args: readonly string[]): string {
  const [group = '', id = '', ...others] = args;
  if (!group || !id || others.length > 0) throw new Error('usage: npm run new-rule <group> <id>');
  if (!/^[a-z]+$/.test(group)) throw new Error(`a group is one lower-case word, such as mounts: ${group}`);
  if (!/^(?:no|require|pin)(?:-[a-z0-9]+)+$/.test(id)) {
    throw new Error(`an id is kebab-case and begins with no-, require- or pin-: ${id}`);
  }
  const path = `src/rules/${group}/${id}.ts`;
  if (hasRule(root, id) || existsSync(join(root, path))) throw new Error(`there is a rule ${id} already`);
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), skeleton(id), { flag: 'wx' });
  writeLists(root);
  return `wrote ${path} and listed it in src/rules/index.ts

Next:
  1. write summary, why, references, and the examples: bad (each reported span between « and »), fixed, good
  2. npm test -- -t ${id}    and see it fail
  3. write *check
  4. npm run generate        renews docs/rules and the table in README
`;
}

function skeleton(id: string): string {
  return `import { offerFix } from '../../container/fixes.js';
import type { Rule } from '../../core/rule.js';

export const ${exportName(id)}: Rule<'container'> = {
  id: '${id}',
  on: 'container',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: '',
  why: '',
  references: [],
  examples: [
    {
      bad: '{\\n  "image": «"node:24"»\\n}\\n',
      fixed: '{}\\n',
    },
  ],
  good: ['{}'],
  *check(container) {
    if (!container.image) return;
    yield {
      place: container.image.place,
      message: \`names the image \${container.image.value}\`,
      fixes: offerFix('remove it', 'what the user loses or has to do', container.image.remove()),
    };
  },
};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(createRule(join(dirname(fileURLToPath(import.meta.url)), '..'), process.argv.slice(2)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
