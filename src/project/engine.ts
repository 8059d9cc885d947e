import { UserError } from '../core/errors.js';
import { printable } from '../core/printable.js';
import { type CommandOptions, findProgram, type Outcome, runCommand, startCommand } from './command.js';
import { type ArchivedFile, type FilePiece, readTar, writeTar } from './tar.js';

const engineNames = ['docker', 'podman'] as const;
export type EngineName = (typeof engineNames)[number];

/** What the engine knows of a container. */
export interface EngineContainer {
  readonly id: string;
  readonly name: string;
  /** `running`, `exited`, `paused`, `created` ... */
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A container engine, by its command line client. Every method throws a UserError where the client fails. */
export interface Engine {
  readonly name: EngineName;
  /** Containers in every state that have at least one of the labels; each is a key, or `key=value`. */
  findContainers(labels: readonly string[]): Promise<readonly EngineContainer[]>;
  /** Containers by id or name. */
  inspect(ids: readonly string[]): Promise<readonly EngineContainer[]>;
  /** The regular files below a folder of a container, running or not. Paths begin with the folder's own name. */
  read(id: string, folder: string): AsyncGenerator<FilePiece>;
  /** Puts files into a folder of a container, owned by root and readable for all. */
  write(id: string, folder: string, files: readonly ArchivedFile[]): Promise<void>;
  /** Runs a program in a running container as root. Its exit code is the caller's to judge. */
  exec(id: string, command: readonly string[], timeout: number): Promise<Outcome>;
}

/** For everything but what runs in a container. */
const answerTime = 30_000;
/** More than the logs of a container can be. */
const mostLog = 64 * 1024 * 1024;

/** The engine that is asked for, else the first whose client is there. @throws UserError where there is none. */
export function openEngine(env: CommandOptions['env'], wanted: EngineName | undefined): Engine {
  for (const name of wanted === undefined ? engineNames : [wanted]) {
    const program = findProgram(name, env);
    if (program !== undefined) return clientOf(name, program, env);
  }
  throw new UserError(
    wanted === undefined
      ? 'there is no container engine here: neither docker nor podman is in PATH'
      : `${wanted} is not in PATH`,
  );
}

function clientOf(name: EngineName, program: string, env: CommandOptions['env']): Engine {
  const fail = (what: string, stderr: string): never => {
    throw new UserError(`${name} ${what}: ${lastWords(stderr)}`);
  };
  const must = async (what: string, args: readonly string[], input?: Uint8Array): Promise<string> => {
    const options = { env, timeout: answerTime, ...(input && { input }) };
    const { code, stdout, stderr } = await runCommand(program, args, options);
    return code === 0 ? stdout : fail(what, stderr);
  };
  const inspect = async (ids: readonly string[]) => {
    if (ids.length === 0) return [];
    const text = await must('cannot look at the container', ['inspect', '--type', 'container', '--', ...ids]);
    return readInspection(text);
  };
  return {
    name,
    inspect,
    async findContainers(labels) {
      const ids = new Set<string>();
      for (const label of labels) {
        const args = ['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`];
        for (const id of (await must('does not answer', args)).split(/\s+/)) if (id !== '') ids.add(id);
      }
      return inspect([...ids]);
    },
    async *read(id, folder) {
      const options = { env, timeout: answerTime, mostOutput: mostLog };
      const { stdout, ended } = startCommand(program, ['cp', `${id}:${folder}`, '-'], options);
      let isEmpty = true;
      try {
        for await (const piece of readTar(stdout)) {
          isEmpty = false;
          yield piece;
        }
      } finally {
        const { code, stderr } = await ended;
        if (code !== 0 && isEmpty) fail(`cannot read ${folder} of the container`, stderr);
      }
    },
    async write(id, folder, files) {
      await must(`cannot write ${folder} of the container`, ['cp', '-', `${id}:${folder}`], writeTar(files));
    },
    exec: (id, command, timeout) =>
      runCommand(program, ['exec', '--user', 'root', id, ...command], { env, timeout }),
  };
}

function readInspection(text: string): EngineContainer[] {
  const values = JSON.parse(text) as readonly {
    readonly Id: string;
    readonly Name: string;
    readonly State?: { readonly Status?: string };
    readonly Config?: { readonly Labels?: Readonly<Record<string, string>> | null };
  }[];
  return values.map(({ Id, Name, State, Config }) => ({
    id: Id,
    name: Name.replace(/^\//, ''),
    status: State?.Status ?? 'unknown',
    labels: Config?.Labels ?? {},
  }));
}

/** The last lines of what a program said, as one line that a terminal does not obey. Clients put the reason there. */
export function lastWords(text: string, lines = 1): string {
  const last = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [printable(line.trim())]));
  return last.slice(-lines).join('; ').slice(0, 600) || 'it does not say why';
}
