import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A rule's file: `src/rules/<group>/<id>.ts`. */
export interface RuleFile {
  readonly group: string;
  readonly id: string;
  /** The subject that it is about, as its text says. */
  readonly on: string;
  /** Whether a default run shows nothing of it, as its text says: neither it nor an example is of that persona. */
  readonly isPedantic: boolean;
}

/** Written by {@link renderLists}; not a group. */
const listFolder = 'lists';

/** All rule files below `src/rules` of the package at `root`, sorted by id. */
export function ruleFiles(root: string): readonly RuleFile[] {
  const folder = join(root, 'src/rules');
  const groups = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== listFolder,
  );
  return groups
    .flatMap(({ name: group }) =>
      readdirSync(join(folder, group))
        .filter((name) => name.endsWith('.ts'))
        .map((name) => ({
          group,
          id: basename(name, '.ts'),
          ...readHead(readFileSync(join(folder, group, name), 'utf8')),
        })),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function readHead(text: string): Pick<RuleFile, 'on' | 'isPedantic'> {
  const on = /^ {2}on: '([\w-]+)'/m.exec(text)?.[1] ?? 'container';
  return { on, isPedantic: /^ {2}persona: 'pedantic'/m.test(text) && !text.includes("persona: 'default'") };
}

/** `no-home-mount` is exported as `noHomeMount`. */
export function exportName(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Subjects whose rules are loaded together; any other subject has a list of its own. */
const lists: Readonly<Record<string, readonly string[]>> = {
  common: ['container', 'devcontainer', 'image', 'source-text', 'unreadable'],
  agents: ['agent-settings', 'mcp-config', 'workspace'],
  editor: ['editor-settings'],
};

/** What makes the subjects of a list, in the same module: each module that is loaded takes time of its own. */
const makers: Readonly<Record<string, string>> = {
  agents: "export { readWorkspace } from '../../agents/workspace.js';",
  egress: "export { readEgress, readSandbox } from '../../container/egress.js';",
  firewall: "export { readFirewallFile, readFirewalls } from '../../container/firewall-subject.js';",
};

function listOfSubject(subject: string): string {
  return Object.keys(lists).find((list) => lists[list]?.includes(subject)) ?? subject;
}

/** The common rules that a default run shows nothing of are no part of what every run loads. */
function listOf({ on, isPedantic }: RuleFile): string {
  const list = listOfSubject(on);
  return list === 'common' && isPedantic ? 'pedantic' : list;
}

/**
 * The lists that are made from the rule files, text by path: all rules for those who tell about them, and a list for
 * each kind of subject, so that linting loads only rules that have something to look at.
 */
export function renderLists(files: readonly RuleFile[]): Readonly<Record<string, string>> {
  const names = [...new Set(files.map(listOf))].sort();
  const texts: Record<string, string> = {
    'src/rules/index.ts': renderList(files, '.', 'Every rule, sorted by id.'),
    'src/rules/tables.ts': renderTables(files, names),
  };
  for (const name of names) {
    const own = files.filter((file) => listOf(file) === name);
    const subjects = [...new Set(own.map(({ on }) => on))].sort().join(', ');
    const list = renderList(own, '..', `The rules on: ${subjects}.`);
    texts[`src/rules/${listFolder}/${name}.ts`] = list + (makers[name] ? `\n${makers[name]}\n` : '');
  }
  return texts;
}

function renderList(files: readonly RuleFile[], up: string, says: string): string {
  const byPath = [...files].sort((a, b) => (`${a.group}/${a.id}` < `${b.group}/${b.id}` ? -1 : 1));
  const imports = byPath.map(
    ({ group, id }) => `import { ${exportName(id)} } from '${up}/${group}/${id}.js';`,
  );
  const names = files.map(({ id }) => exportName(id));
  const start = 'export const rules: readonly AnyRule[] = ';
  const short = `[${names.join(', ')}];`;
  // As the formatter would have it.
  const list =
    start.length + short.length <= 110 ? short : `[\n${names.map((name) => `  ${name},`).join('\n')}\n];`;
  const core = up === '.' ? '../core/rule.js' : '../../core/rule.js';
  return `import type { AnyRule } from '${core}';
${imports.join('\n')}

/** ${says} \`npm run new-rule\` writes the list, and a test compares it with the folders. */
${start}${list}
`;
}

function renderTables(files: readonly RuleFile[], names: readonly string[]): string {
  const subjects = [...new Set(files.map(({ on }) => on))].sort();
  const key = (text: string) => (/^\w+$/.test(text) ? text : `'${text}'`);
  return `import type { AnyRule } from '../core/rule.js';

/** The folder that each rule lies in, by its id, sorted. \`npm run new-rule\` writes this file. */
export const ruleGroups: Readonly<Record<string, string>> = {
${files.map(({ group, id }) => `  '${id}': '${group}',`).join('\n')}
};

/** The lists of rules that are loaded only when one of their subjects is there, or what only they find is asked for. */
export const lists: Readonly<Record<string, () => Promise<{ readonly rules: readonly AnyRule[] }>>> = {
${names
  .filter((name) => name !== 'common')
  .map((name) => `  ${key(name)}: () => import('./${listFolder}/${name}.js'),`)
  .join('\n')}
};

/** The list that has the rules on a subject; a subject that is not here is one of the common ones. */
export const listOfSubject: Readonly<Record<string, string>> = {
${subjects
  .filter((subject) => listOfSubject(subject) !== 'common')
  .map((subject) => `  ${key(subject)}: '${listOfSubject(subject)}',`)
  .join('\n')}
};
`;
}

/** Whether a rule of that id exists, in whatever group. */
export function hasRule(root: string, id: string): boolean {
  return existsSync(join(root, 'src/rules')) && ruleFiles(root).some((file) => file.id === id);
}

/** Writes the lists anew; those of subjects that no rule is about any more go. */
export function writeLists(root: string): void {
  const texts = renderLists(ruleFiles(root));
  const folder = join(root, 'src/rules', listFolder);
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(root, path), text);
  for (const name of readdirSync(folder))
    if (!(`src/rules/${listFolder}/${name}` in texts)) rmSync(join(folder, name));
}
