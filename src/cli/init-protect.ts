import { UserError } from '../core/errors.js';
import { didYouMean } from '../core/suggest.js';
import type { Project } from '../index.js';
import { findHostFiles, type ProposedProtection } from '../init.js';
import type { Protection } from '../policy/protect.js';
import type { Prompter } from './prompt.js';

/** What `--protect` takes: kinds of files, and the secrets that are masked. */
export const protectedKinds = ['git-hooks', 'git-config', 'editors', 'shell', 'agents', 'secrets'] as const;

export interface ProtectionDecision {
  readonly protect: Protection | undefined;
  readonly warnings: readonly string[];
}

/** For the kinds that are chosen; where nobody has chosen, the usual ones. @throws UserError for an unknown kind. */
export async function decideProtection(
  project: Project,
  chosen: readonly string[] | undefined,
): Promise<ProtectionDecision> {
  checkKinds(chosen ?? []);
  const found = await findHostFiles(project);
  return { protect: protectionFor(found, chosen ?? usualKinds(found)), warnings: warningsFor(found, chosen) };
}

/** Undefined where the user cancels. */
export async function askProtection(
  ask: Pick<Prompter, 'chooseSeveral'>,
  project: Project,
): Promise<ProtectionDecision | undefined> {
  const found = await findHostFiles(project);
  const options = found.groups.map(({ id, title, cost, readOnly, mask }) => ({
    value: id,
    label: `${title}: ${[...readOnly, ...mask].join(', ')}`,
    hint: `cost: ${cost}`,
  }));
  const { mask } = found;
  if (mask.length > 0)
    options.push({
      value: 'secrets',
      label: `files with secrets, which will look empty: ${mask.slice(0, 5).join(', ')}${mask.length > 5 ? ` and ${mask.length - 5} more` : ''}`,
      hint: 'cost: programs inside get such values from elsewhere',
    });
  const none = { protect: undefined, warnings: warningsFor(found, undefined) };
  if (options.length === 0) return none;
  const chosen = await ask.chooseSeveral(
    'Hold back from the container, since the host runs it later or it is secret',
    options,
    usualKinds(found),
  );
  return chosen && { ...none, protect: protectionFor(found, chosen) };
}

function checkKinds(chosen: readonly string[]): void {
  const unknown = chosen.find((kind) => !protectedKinds.some((known) => known === kind));
  if (unknown !== undefined)
    throw new UserError(
      `--protect: ${JSON.stringify(unknown)} is not a known kind (${protectedKinds.join(', ')}, none)${didYouMean(unknown, protectedKinds)}`,
    );
}

function usualKinds({ groups }: ProposedProtection): string[] {
  return [...groups.filter(({ usual }) => usual).map(({ id }) => id), 'secrets'];
}

function protectionFor(found: ProposedProtection, chosen: readonly string[]): Protection | undefined {
  const groups = found.groups.filter(({ id }) => chosen.includes(id));
  const secrets = chosen.includes('secrets') ? found.mask : [];
  const readOnly = groups.flatMap((group) => group.readOnly);
  const mask = [...new Set([...groups.flatMap((group) => group.mask), ...secrets])];
  // What lies in a folder that is masked whole is masked with it.
  const folders = mask.filter((path) => path.endsWith('/'));
  const kept = mask.filter(
    (path) =>
      !readOnly.includes(path) && !folders.some((folder) => path !== folder && path.startsWith(folder)),
  );
  return readOnly.length + kept.length === 0 ? undefined : { readOnly, mask: kept };
}

function warningsFor({ groups, odd, isPartial }: ProposedProtection, chosen: readonly string[] | undefined) {
  const missing = (chosen ?? []).filter(
    (kind) => kind !== 'secrets' && !groups.some(({ id }) => id === kind),
  );
  return [
    ...missing.map((kind) => `--protect ${kind}: nothing of that kind is there, so nothing is held back`),
    ...odd.map((path) => `${path} holds a secret but is not masked: a mount cannot name it; rename it`),
    ...(isPartial
      ? ['the project is too large to be searched for secrets whole; add the rest to "mask"']
      : []),
  ];
}
