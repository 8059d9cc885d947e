import { basename } from 'node:path';
import type { ChalkInstance } from 'chalk';
import { UserError } from '../core/errors.js';
import { printable } from '../core/printable.js';
import type { SourceFile } from '../core/text.js';
import { wrapText } from '../core/width.js';
import { lintFiles } from '../index.js';
import {
  type Adoption,
  type AdoptionNote,
  readAdoption,
  sectionText,
  sectionValue,
} from '../policy/adopt.js';
import { readServices, servicesPath } from '../policy/adopt-compose.js';
import type { PolicyChange } from '../policy/change.js';
import { createPolicy } from '../policy/create.js';
import type { SectionPath } from '../policy/devcontainer-section.js';
import { policyPath, type StackId, stackIds } from '../policy/policy.js';
import { discover } from '../project/discover.js';
import { configPath } from '../scaffold/plan.js';
import { type AdoptionDraft, type Settled, settle } from './adopt-settle.js';
import { otherConfig, readExisting } from './init-changes.js';
import type { InitSession } from './init-decide.js';

/** The devcontainer.json that is adopted. */
export interface AdoptedFile extends Adoption {
  readonly path: string;
}

/** The first line of what init renders; a container that observes has one before it. */
const written = /^(?:\/\/ OBSERVE:[^\n]*\n)?\/\/ Written by harden-devcontainer/;

/** What to do with the devcontainer.json that is there. `replace` where there is none. Undefined where the user cancels. */
export async function chooseAdoption(session: InitSession): Promise<AdoptedFile | 'replace' | undefined> {
  const { options, project, prompter } = session;
  const found = discover(project, '').flatMap((path): SourceFile[] => {
    const text = readExisting(project, path);
    return text === undefined || written.test(text) ? [] : [{ path, text }];
  });
  const [first] = found;
  if (!first) {
    if (options.adopt) throw new UserError('--adopt: there is no devcontainer.json to adopt');
    return 'replace';
  }
  if (options.adopt) return read(await pick(found, session), session);
  if (!prompter || options.force) return 'replace';
  const listed = found.map(({ path }) => path).join(', ');
  const answer = await prompter.choose(`There is ${printable(listed)} already.`, [
    { value: 'adopt', key: 'a', label: 'Adopt it: keep what is yours, and say what cannot stay' },
    { value: 'replace', key: 'r', label: 'Replace it: begin from nothing' },
    { value: 'quit', key: 'q', label: 'Quit, write nothing' },
  ]);
  if (answer === 'replace') return 'replace';
  return answer === 'adopt' ? read(await pick(found, session), session) : undefined;
}

/** The one that the tools take unasked, or the one that is named; of several folders somebody has to choose. */
async function pick(found: readonly SourceFile[], session: InitSession): Promise<SourceFile | undefined> {
  const { options, prompter } = session;
  if (options.from !== undefined) {
    const named = found.find(({ path }) => path === options.from?.replace(/^\.\//, ''));
    if (named) return named;
    throw new UserError(
      `--from: ${options.from} is none of the configurations here: ${found.map(({ path }) => path).join(', ')}`,
    );
  }
  const live = found.find(({ path }) => path === configPath || path === otherConfig);
  if (live && (!prompter || found.length === 1)) return live;
  if (found.length === 1) return found[0];
  if (prompter)
    return prompter.choose(
      'Which of them?',
      found.map((file) => ({ value: file, label: file.path })),
    );
  throw new UserError(
    `there are several configurations to adopt: ${found.map(({ path }) => path).join(', ')}; name one with --from`,
  );
}

async function read(
  file: SourceFile | undefined,
  { project }: InitSession,
): Promise<AdoptedFile | undefined> {
  if (!file) return undefined;
  const { findings } = await lintFiles([file.path], project);
  const adoption = readAdoption(file, findings);
  const { text, notes } = await readServices(file, project);
  return { ...adoption, services: text, notes: [...adoption.notes, ...notes], path: file.path };
}

/** The policy of an adopted configuration, without what cannot stay, and what became of everything. */
export function settleAdoption(
  adopted: AdoptedFile,
  change: PolicyChange & { readonly name: string },
  { project }: InitSession,
): Promise<Settled> {
  const taken = change.shape === 'single' ? withoutServices(adopted) : adopted;
  const publish = [...new Set([...(change.publish ?? []), ...adopted.publish])];
  return settle(taken, project, ({ section, image, services }: AdoptionDraft) => {
    const beside = services === undefined ? {} : { shape: 'sidecar', composeFiles: [basename(servicesPath)] };
    return { path: policyPath, text: createPolicy({ ...change, ...beside, image, publish }, section) };
  });
}

/** Who wants one container has no place for others. */
function withoutServices(adopted: AdoptedFile): AdoptedFile {
  if (adopted.services === undefined) return adopted;
  const notes = adopted.notes.filter(({ path, fate }) => path[0] !== 'services' || fate !== 'kept');
  const reason = 'the shape single starts one container; without it they are kept';
  return { ...adopted, services: undefined, notes: [...notes, { path: ['services'], fate: 'left', reason }] };
}

/** The stacks that its image and Features speak for. */
export function adoptedStacks({ image, section }: Adoption): readonly StackId[] {
  const features = sectionValue(section, ['features']);
  const names = [
    image ?? '',
    ...Object.keys(typeof features === 'object' && features !== null ? features : {}),
  ];
  const words = new Set(names.flatMap((name) => name.split(/[^a-z]+/)));
  const aliases: Readonly<Record<string, string>> = {
    golang: 'go',
    typescript: 'node',
    maven: 'java',
    gradle: 'java',
  };
  const meant = new Set([...words].flatMap((word) => [word, aliases[word] ?? word]));
  return stackIds.filter((id) => meant.has(id));
}

/** What is kept, what is replaced and what is left out, each with its reason. */
export function describeAdoption(
  adopted: AdoptedFile,
  { notes, section, image }: Settled,
  chalk: ChalkInstance,
): string {
  const own = sectionValue(section, []) as Readonly<Record<string, unknown>>;
  const kept = [
    ...(adopted.name === undefined ? [] : ['name']),
    ...(image === undefined ? [] : ['image']),
    ...Object.entries(sectionText(section) === undefined ? {} : own).map(
      ([key, value]) => key + countOf(value),
    ),
  ];
  const lines = [
    ...(kept.length > 0 ? [lineOf(chalk.green('kept    '), kept.join(', '))] : []),
    ...notes.map(({ path, fate, reason }) => lineOf(labelOf(fate, chalk), `${nameOf(path)}: ${reason}`)),
  ];
  return `Adopted from ${printable(adopted.path)}:\n${lines.join('')}`;
}

function countOf(value: unknown): string {
  const size = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
  return size > 1 ? ` (${size})` : '';
}

function labelOf(fate: AdoptionNote['fate'], chalk: ChalkInstance): string {
  if (fate === 'kept') return chalk.green('kept    ');
  return fate === 'replaced' ? chalk.yellow('replaced') : chalk.red('left out');
}

function lineOf(label: string, text: string): string {
  return `  ${label} ${wrapText(printable(text), 68).join(`\n${' '.repeat(11)}`)}\n`;
}

/** `customizations.vscode.settings["a.b"]`. */
export function nameOf(path: SectionPath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\w$-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
