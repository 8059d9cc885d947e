import { Attached } from '../core/attached.js';
import type { Confidence, Persona, Severity } from '../core/rule.js';
import type { Mount } from './container.js';
import { classifyCredential } from './credential-risk.js';
import { gradeDevice } from './device-levels.js';
import type { HostPath } from './host-path.js';
import { type HostSocket, hostPipes, hostSockets, type SocketLevel } from './host-sockets.js';
import type { Grade } from './path-catalogue.js';
import { pathTable, showHostPath } from './path-pattern.js';
import { systemPaths } from './system-paths.js';

/** The question that a mount raises; each has a rule, and a mount raises at most one. */
type MountQuestion = 'runtime' | 'session' | 'home' | 'credential' | 'obeyed' | 'system';

export interface MountRisk {
  readonly question: MountQuestion;
  /** The host's path, for messages. */
  readonly path: string;
  /** What lies there, a noun for messages. */
  readonly what: string;
  readonly severity: Severity;
  readonly persona: Persona;
  readonly confidence: Confidence;
  /** The source is known to be a folder, so that a named volume can take its place. */
  readonly folder: boolean;
  /** An agent's own state: the tool needs some folder there to work. */
  readonly agentState: boolean;
  /** What the catalogue says once the mount is read-only; 'none' where that closes the question. */
  readonly whenReadOnly: Grade;
}

/**
 * What is wrong with a mount, by the first question in the order of {@link MountQuestion} that its source raises.
 * Undefined for volumes, for sources that only the host knows and for everything ordinary.
 */
export function classifyMount(mount: Mount): MountRisk | undefined {
  if (!classified.has(mount)) classified.set(mount, classify(mount));
  return classified.get(mount);
}

// Each rule about mounts asks about all of them.
const classified = new Attached<Mount, MountRisk | undefined>();

function classify(mount: Mount): MountRisk | undefined {
  const pipe = classifyPipe(mount);
  if (pipe || !mount.host) return pipe;
  const host = locate(mount.host);
  const found =
    classifySocket(host) ??
    classifyHome(host) ??
    fromCredential(host, mount.readOnly) ??
    classifySystem(host, mount.readOnly);
  if (!found) return undefined;
  // Docker does not expand a literal `~`: the mount fails, so nothing is lost yet.
  return { ...found, path: showSource(mount, mount.host), ...(!host.live && { severity: 'info' }) };
}

/** As it is written, so that it is found in the file; what begins with a variable of the host in short form. */
function showSource({ source }: Mount, host: HostPath): string {
  const isPlain = source !== undefined && (host.base === 'workspace' || /^(?:\/|[a-z]:)[^$]*$/i.test(source));
  return isPlain ? source : showHostPath(host);
}

// Their values differ from login to login; whatever they are, it is this.
const sockets: Readonly<Record<string, Pick<HostPath, 'base' | 'segments'>>> = {
  SSH_AUTH_SOCK: { base: 'root', segments: ['run', 'host-services', 'ssh-auth.sock'] },
  DBUS_SESSION_BUS_ADDRESS: { base: 'runtime', segments: ['bus'] },
};

/** A path that begins with a socket's variable, or climbs out of the home folder, as the place it usually is. */
function locate(host: HostPath): HostPath {
  const { base, variable = '', up } = host;
  if (base === 'unknown' && Object.hasOwn(sockets, variable)) return { ...host, ...sockets[variable] };
  return base === 'home' && up >= 2 ? { ...host, base: 'root', up: 0 } : host;
}

function risk(question: MountQuestion, path: string, what: string, grade: Grade): MountRisk | undefined {
  if (grade === 'none') return undefined;
  const pedantic = grade === 'pedantic';
  return {
    question,
    path,
    what,
    severity: pedantic ? 'info' : grade,
    persona: pedantic ? 'pedantic' : 'default',
    confidence: 'high',
    folder: false,
    agentState: false,
    whenReadOnly: grade,
  };
}

function questionOf(level: SocketLevel): [MountQuestion, Grade] {
  if (level === 'runtime') return ['runtime', 'error'];
  return ['session', level === 'session' ? 'error' : 'warning'];
}

function classifyPipe({ source }: Mount): MountRisk | undefined {
  const name = source && /^[\\/]{2,}\.[\\/]+pipe[\\/]+(.+)$/.exec(source)?.[1];
  if (!name) return undefined;
  const pipe = hostPipes.find((candidate) => candidate.name.test(name));
  if (!pipe) return undefined;
  const [question, grade] = questionOf(pipe.level);
  return risk(question, `the pipe ${name}`, pipe.what, grade);
}

const socketTable = pathTable<{ entry: HostSocket; exact: boolean }>(() =>
  hostSockets.flatMap((entry) => [
    ...entry.sockets.map((text) => [text, { entry, exact: false }] as const),
    ...entry.folders.map((text) => [text, { entry, exact: true }] as const),
  ]),
);

function classifySocket(host: HostPath): MountRisk | undefined {
  const found = socketTable.find(host, ({ exact }, relation) => relation === 'same' || !exact);
  if (!found) return undefined;
  const { level, what } = found.row.entry;
  const [question, grade] = questionOf(level);
  return risk(question, showHostPath(host), what, grade);
}

/** The home folder, what holds it, or a whole file system or drive. */
function classifyHome(host: HostPath): MountRisk | undefined {
  const path = showHostPath(host);
  if (host.base === 'home' && host.segments.length === 0) {
    return risk('home', path, host.up === 0 ? 'the whole home folder' : 'every home folder', 'error');
  }
  if (host.base !== 'root') return undefined;
  if (host.segments.length === 0) return risk('home', path, 'the whole file system', 'error');
  const name = `/${host.segments.join('/')}`.toLowerCase();
  return /^\/(?:home|users|var\/home)$/.test(name)
    ? risk('home', path, 'every home folder', 'error')
    : undefined;
}

function fromCredential(host: HostPath, readOnly: boolean): MountRisk | undefined {
  const found = classifyCredential(host, readOnly);
  if (!found) return undefined;
  const question = found.obeyed && !readOnly ? 'obeyed' : 'credential';
  const base = risk(question, showHostPath(host), found.what, found.grade);
  return (
    base && {
      ...base,
      confidence: found.confidence,
      folder: found.folder,
      agentState: found.agentState,
      whenReadOnly: found.whenReadOnly,
    }
  );
}

const systemTable = pathTable(() =>
  systemPaths.flatMap((entry) => entry.folders.map((text) => [text, entry] as const)),
);

function classifySystem(host: HostPath, readOnly: boolean): MountRisk | undefined {
  if (host.base !== 'root' || host.up > 0) return undefined;
  const path = showHostPath(host);
  const best = systemTable.find(host);
  // A folder of its own outside the workspace: nobody knows what it holds.
  if (!best)
    return readOnly ? undefined : withoutReadOnly(risk('system', path, 'outside the workspace', 'pedantic'));
  const { row: entry, relation } = best;
  if (relation === 'below' && path.startsWith('/dev/')) {
    const device = gradeDevice(path);
    return risk('system', path, device.what, device.grade);
  }
  const grades = (relation === 'below' && entry.inside) || entry;
  const base = risk('system', path, entry.what, readOnly ? grades.read : grades.write);
  return base && { ...base, whenReadOnly: grades.read };
}

function withoutReadOnly(found: MountRisk | undefined): MountRisk | undefined {
  return found && { ...found, whenReadOnly: 'none' };
}
