import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A rule's file: `src/rules/<group>/<id>.ts`. */
export interface RuleFile {
  readonly group: string;
  readonly id: string;
}

/** All rule files below `src/rules` of the package at `root`, sorted by id. */
export function ruleFiles(root: string): readonly RuleFile[] {
  const folder = join(root, 'src/rules');
  const groups = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return groups
    .flatMap(({ name: group }) =>
      readdirSync(join(folder, group))
        .filter((name) => name.endsWith('.ts'))
        .map((name) => ({ group, id: basename(name, '.ts') })),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** `no-home-mount` is exported as `noHomeMount`. */
export function exportName(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The text of `src/rules/index.ts` for these files. */
export function renderIndex(files: readonly RuleFile[]): string {
  const byPath = [...files].sort((a, b) => (`${a.group}/${a.id}` < `${b.group}/${b.id}` ? -1 : 1));
  const imports = byPath.map(({ group, id }) => `import { ${exportName(id)} } from './${group}/${id}.js';`);
  return `import type { AnyRule } from '../core/rule.js';
${imports.join('\n')}

/** Every rule, sorted by id. \`npm run new-rule\` adds to the list, and a test compares it with the folders. */
export const rules: readonly AnyRule[] = [
${files.map(({ id }) => `  ${exportName(id)},`).join('\n')}
];

/** The folder that each rule lies in, by its id. */
export const ruleGroups: Readonly<Record<string, string>> = {
${files.map(({ group, id }) => `  '${id}': '${group}',`).join('\n')}
};
`;
}

/** Whether a rule of that id exists, in whatever group. */
export function hasRule(root: string, id: string): boolean {
  return existsSync(join(root, 'src/rules')) && ruleFiles(root).some((file) => file.id === id);
}
