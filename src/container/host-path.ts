import { placeOfVariable } from './host-variables.js';
import { type Part, splitVariables } from './variables.js';

/**
 * A path on the host, resolved as far as the text allows, in one form for every syntax:
 * `${localEnv:HOME}/.ssh`, `~/.ssh`, `/home/me/.ssh`, `C:\Users\me\.ssh` all are base `home`, segments `['.ssh']`.
 */
export interface HostPath {
  /**
   * `root` absolute; `home` below a user's home; `runtime` below the user's runtime directory (`/run/user/<uid>`);
   * `workspace` below the project; `unknown` below something that only the host knows.
   */
  readonly base: 'root' | 'home' | 'workspace' | 'runtime' | 'unknown';
  /** Without `.`, `..` or empty ones; `/var/run` is `/run`, `/proc/1/root` is `/`. */
  readonly segments: readonly string[];
  /** How many levels above its base the path climbs: `${localWorkspaceFolder}/../..` is 2. */
  readonly up: number;
  /** The host variable that it begins with, when there is one: `SSH_AUTH_SOCK`. */
  readonly variable: string | undefined;
  /** Windows and macOS compare names without case. */
  readonly ignoreCase: boolean;
  /** False where the engine would not expand what is written (a literal `~` without compose). */
  readonly live: boolean;
}

/** How the text of a path is read. */
export interface HostPathContext {
  /** Compose expands `~`, `$HOME` and `${HOME}`; docker alone takes them literally. */
  readonly compose: boolean;
}

interface Start extends Omit<HostPath, 'up'> {
  /** The text behind what `base` and `segments` stand for. */
  readonly rest: string;
}

/**
 * Resolves the source of a bind mount. The environment is not read: variables with a usual place stand for that place
 * (`${localEnv:HOME}` is base `home`), others give base `unknown` with their name, or their default where they have one.
 */
export function resolveHostPath(text: string, context: HostPathContext): HostPath {
  const start = findStart(splitVariables(text.trim()), context);
  const path = climb(start, splitPath(start.rest));
  return path.base === 'root' ? nameBase(path) : path;
}

function findStart(parts: readonly Part[], context: HostPathContext): Start {
  const [first, second] = parts;
  const plain = { segments: [], variable: undefined, ignoreCase: false, live: true };
  // `/${localEnv:HOME}` is `//home/me`, the same place.
  if (first?.kind === 'text' && /^[\\/]+$/.test(first.text) && second?.kind === 'host') {
    return findStart(parts.slice(1), context);
  }
  if (first?.kind === 'workspace') return { ...plain, base: 'workspace', rest: join(parts.slice(1)) };
  if (first?.kind === 'host') return startAtVariable(parts, context);
  if (first?.kind === 'unknown') return { ...plain, base: 'unknown', rest: join(parts.slice(1)) };
  return startAtText(join(parts), context);
}

/** Several variables in a row are alternatives: the ones for other systems are empty. */
function startAtVariable(parts: readonly Part[], context: HostPathContext): Start {
  const count = parts.findIndex((part) => part.kind !== 'host');
  const lead = parts
    .slice(0, count < 0 ? parts.length : count)
    .flatMap((part) => (part.kind === 'host' ? [part] : []));
  const rest = join(parts.slice(lead.length));
  const known = lead.flatMap((part) => {
    const place = placeOfVariable(part.name);
    return place ? [{ part, place }] : [];
  });
  const live = context.compose || !lead.some((part) => part.shell);
  // HOMEDRIVE alone says nothing; HOMEPATH behind it says home.
  const chosen = known.at(0);
  if (chosen) {
    const ignoreCase = known.some(({ place }) => place.ignoreCase);
    return { ...chosen.place, ignoreCase, variable: chosen.part.name, live, rest };
  }
  const [part] = lead;
  const variable = part?.name === '' ? undefined : part?.name;
  const fallback = lead.map((one) => one.fallback).find((one) => one !== '');
  // An agent's socket is what it is wherever it lies; its default is only for hosts without an agent.
  if (fallback === undefined || variable === 'SSH_AUTH_SOCK') {
    return { base: 'unknown', segments: [], variable, ignoreCase: false, live, rest };
  }
  return { ...startAtText(fallback + rest, context), variable };
}

function startAtText(text: string, context: HostPathContext): Start {
  const path = text.includes('\\') ? text.replaceAll('\\', '/') : text;
  const plain = { segments: [], variable: undefined, ignoreCase: false, live: true };
  const homeRest = /^~[^/]*(.*)$/s.exec(path)?.[1];
  if (homeRest !== undefined) return { ...plain, base: 'home', live: context.compose, rest: homeRest };
  const pipe = /^\/\/\.(\/.*)$/s.exec(path)?.[1];
  // The device namespace of Windows: its `.` is a name, and keeps pipes apart from a folder `/pipe`.
  if (pipe !== undefined) return { ...plain, base: 'root', segments: ['.'], ignoreCase: true, rest: pipe };
  const wsl = /^\/\/wsl(?:\$|\.localhost)\/[^/]+(.*)$/is.exec(path)?.[1];
  if (wsl !== undefined) return { ...plain, base: 'root', rest: wsl };
  const drive =
    /^(?:[a-z]:|\/\/[a-z](?=\/|$)|\/[a-z](?=\/(?:users|windows|programdata)(?:\/|$)))(.*)$/is.exec(path)?.[1];
  if (drive !== undefined) return { ...plain, base: 'root', ignoreCase: true, rest: drive };
  return { ...plain, base: path.startsWith('/') ? 'root' : 'workspace', rest: path };
}

/** Variables behind the start are single names, whatever they expand to: `/home/${localEnv:USER}/.ssh` is below a home. */
function join(parts: readonly Part[]): string {
  return parts
    .map((part) => (part.kind === 'text' ? part.text : part.text.replaceAll(/[\\/]/g, '_')))
    .join('');
}

function splitPath(text: string): readonly string[] {
  return text.split(/[\\/]/).filter((segment) => segment !== '' && segment !== '.');
}

function climb({ rest: _, ...start }: Start, steps: readonly string[]): HostPath {
  const segments = [...start.segments];
  let up = 0;
  for (const step of steps) {
    if (step !== '..') segments.push(step);
    else if (segments.length > 0) segments.pop();
    else if (start.base !== 'root') up += 1;
  }
  return { ...start, segments, up };
}

interface Alias {
  readonly pattern: RegExp;
  readonly base: HostPath['base'];
  readonly ignoreCase?: boolean;
}

// Each pattern takes the front of an absolute path; what follows it is what counts. Tried until none applies.
const aliases: readonly Alias[] = [
  { pattern: /^\/proc\/(?:\d+|self|thread-self)\/root(?=\/|$)/, base: 'root' },
  { pattern: /^(?:\/private)?\/var(?=\/run(?:\/|$))/, base: 'root' },
  {
    pattern: /^\/(?:mnt|host_mnt|cygdrive|run\/desktop\/mnt\/host)\/[a-z](?=\/|$)/i,
    base: 'root',
    ignoreCase: true,
  },
  { pattern: /^\/(?:host_mnt|System\/Volumes\/Data)(?=\/|$)/i, base: 'root', ignoreCase: true },
  { pattern: /^\/run\/user\/[^/]+(?=\/|$)/, base: 'runtime' },
  { pattern: /^(?:\/var)?\/home\/[^/]+(?=\/|$)/, base: 'home' },
  { pattern: /^\/root(?=\/|$)/, base: 'home' },
  { pattern: /^\/Users\/(?!(?:Shared|Public)(?:\/|$))[^/]+(?=\/|$)/i, base: 'home', ignoreCase: true },
];

function nameBase(path: HostPath): HostPath {
  let text = path.segments.map((segment) => `/${segment}`).join('');
  let { base, ignoreCase } = path;
  for (let again = true; again && base === 'root'; ) {
    const alias = aliases.find(({ pattern }) => pattern.test(text));
    again = alias !== undefined;
    if (!alias) break;
    text = text.replace(alias.pattern, '');
    base = alias.base;
    ignoreCase ||= alias.ignoreCase ?? false;
  }
  return { ...path, base, ignoreCase, segments: text.split('/').filter(Boolean) };
}
