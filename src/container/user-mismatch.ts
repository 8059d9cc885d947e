import type { Fix, Persona, Project, Severity } from '../core/rule.js';
import type { Place } from '../core/text.js';
import { type JsonDocument, member, placeOf, stringValue } from '../documents/json.js';
import type { Container } from './container.js';
import { offerFix } from './fixes.js';
import { userOfImage } from './images.js';
import { readSudoGrants } from './sudo-grants.js';

/** Two parts of a container that name different users or folders, of which one then does nothing. */
export interface Mismatch {
  readonly place: Place;
  readonly message: string;
  readonly severity?: Severity;
  readonly persona?: Persona;
  readonly fixes?: () => readonly Fix[];
}

export function* findMismatches(
  document: JsonDocument,
  container: Container,
  project: Project,
): Iterable<Mismatch> {
  const missing = findMissingUser(container);
  if (missing) {
    yield missing;
    return;
  }
  const { mounts, environment } = container;
  if (mounts.length > 0) yield* findForeignHomes(container);
  yield* findForeignGrants(container, project);
  if (mounts.length > 0 && environment.length > 0) yield* findUnkeptState(container);
  if (mounts.length > 0) yield* findForeignFolder(document, container);
}

/** A user that no part of a known image makes: the container does not start. */
function findMissingUser({ user, image, instructions, features }: Container): Mismatch | undefined {
  const { name, decidedBy } = user;
  if (!decidedBy || !image || name === undefined || !/^[a-z_][\w-]*$/.test(name)) return undefined;
  if (decidedBy.syntax !== 'remoteUser' && decidedBy.syntax !== 'containerUser') return undefined;
  const known = userOfImage(image.value);
  if (!known || isSystemUser(name) || name === known.user || name === known.unprivileged) return undefined;
  // A variable may hold the name, and so may a script that the Dockerfile runs.
  const isMade = instructions.some(
    ({ keyword, text }) =>
      text.includes(name) ||
      (keyword === 'RUN' && /\b(?:useradd|adduser|usermod|groupmod)\b|\.sh\b/.test(text)),
  );
  // Which users other Features make is not known here.
  const isOfFeature = features.some(({ value }) => !isPlain(value.id));
  if (isMade || isOfFeature) return undefined;
  const own = known.unprivileged;
  return {
    place: decidedBy.place,
    message: `${decidedBy.syntax} is ${name}, whom ${image.value} does not have and nothing makes: the container does not start${own === undefined ? '' : `; its user is ${own}`}`,
    // It is noticed at once.
    severity: 'info',
    persona: 'pedantic',
    fixes: () =>
      own === undefined || decidedBy.place.file.path.endsWith('Dockerfile')
        ? []
        : offerFix(`take ${own}`, 'volumes on the home of the other user stay empty', [
            { file: decidedBy.place.file.path, at: decidedBy.place.at, text: JSON.stringify(own) },
          ]),
  };
}

function isPlain(id: string): boolean {
  return /^ghcr\.io\/(?:devcontainers\/features\/(?!common-utils)|anthropics\/)/.test(id);
}

/** Accounts that images have from the start. */
function isSystemUser(name: string): boolean {
  return /^(?:root|nobody|daemon|www-data|postgres|mysql|redis|nginx|nonroot)$/.test(name);
}

/** State that is kept in a home where the user's programs do not look. */
function* findForeignHomes({ user, mounts, instructions }: Container): Iterable<Mismatch> {
  const { name } = user;
  if (name === undefined || !/^[a-z_][\w-]*$/.test(name)) return;
  for (const { value, place } of mounts) {
    const match = /^\/(?:home\/([a-z_][\w-]*)|(root))\/(\.[^/]+)/.exec(value.target ?? '');
    const other = match?.[1] ?? match?.[2];
    if (!match || other === undefined || other === name || other === 'linuxbrew') continue;
    // The user may have been given that home.
    const isGiven = instructions.some(
      ({ text }) => /\b(?:usermod|useradd|adduser|ln)\b/.test(text) && text.includes(`/${other}`),
    );
    if (isGiven || instructions.some(({ keyword, text }) => keyword === 'ENV' && /\bHOME\b/.test(text)))
      continue;
    yield {
      place,
      message: `${value.target} is in the home of ${other}, but the tools run as ${name}: what they keep in ${match[3]} is lost with the container`,
    };
  }
}

/** A grant of sudo for somebody else. */
function* findForeignGrants(container: Container, project: Project): Iterable<Mismatch> {
  const { name } = container.user;
  if (name === undefined || !/^[a-z_][\w-]*$/.test(name) || name === 'root') return;
  const grants = readSudoGrants(container, project);
  if (grants.some(({ user }) => user === name || /^[%$]|^ALL$/.test(user))) return;
  for (const { user, place } of grants)
    if (user !== 'root')
      yield {
        place,
        message: `sudoers names ${user}, but the tools run as ${name}, who is asked for a password`,
      };
}

/** A folder for an agent's state that is not the one that is mounted. */
function* findUnkeptState({ environment, mounts }: Container): Iterable<Mismatch> {
  for (const [variable, folder] of stateFolders) {
    const found = environment.findLast(({ value }) => value.name === variable);
    const path = found?.value.value?.replace(/\/+$/, '');
    const mount = mounts.find(({ value }) => (value.target ?? '').replace(/\/+$/, '').endsWith(folder));
    const target = mount?.value.target?.replace(/\/+$/, '');
    if (!found || !path?.startsWith('/') || target === undefined || /\$/.test(path + target)) continue;
    if (path === target || path.startsWith(`${target}/`)) continue;
    if (mounts.some(({ value }) => value.target && path.startsWith(value.target))) continue;
    yield {
      place: found.place,
      message: `${variable} is ${path}, but what is mounted is ${target}: the login is lost with the container`,
    };
  }
}

const stateFolders: readonly (readonly [string, string])[] = [
  ['CLAUDE_CONFIG_DIR', '/.claude'],
  ['CODEX_HOME', '/.codex'],
];

/** A workspaceFolder in which the workspace is not mounted. */
function* findForeignFolder(document: JsonDocument, { mounts, source }: Container): Iterable<Mismatch> {
  const node = member(document.root, 'workspaceFolder')?.value;
  const folder = stringValue(node)?.replace(/\/+$/, '');
  const mount = mounts.find(({ syntax }) => syntax === 'workspaceMount')?.value;
  const target = mount?.target?.replace(/\/+$/, '');
  // Something else in its place is there to keep the workspace out.
  if (mount?.host?.base !== 'workspace') return;
  if (!node || !folder || !target || source === 'compose') return;
  if (/\$/.test(folder) !== /\$/.test(target)) return;
  if (folder === target || folder.startsWith(`${target}/`) || target.startsWith(`${folder}/`)) return;
  yield {
    place: placeOf(document, node),
    message: `workspaceFolder is ${folder}, but the workspace is mounted to ${target}: the tools open an empty folder`,
  };
}
