import { appendFileSync, existsSync, mkdirSync, realpathSync, renameSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join, sep } from 'node:path';
import { UserError } from '../core/errors.js';
import type { Declared } from '../mcp/gate.js';
import { defaultLimits, type Limits } from '../mcp/limits.js';
import type { Pins } from '../mcp/tools.js';
import type { PolicyServer } from '../policy/servers.js';
import { findProgram } from '../project/command.js';
import type { Children } from './children.js';
import type { Served } from './connection.js';
import type { Places } from './places.js';
import { stdioUpstream } from './stdio-server.js';
import { resolveValues } from './variables.js';

/** A declared server, with what was reviewed of it. */
export interface HostServer extends PolicyServer {
  readonly pins: Pins;
}

export interface ServerSurroundings {
  readonly places: Places;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly children: Children;
  note(text: string): void;
}

/** Of the host's own environment a server gets these, and nothing else that is not declared. */
const passed = ['HOME', 'LANG', 'LC_ALL', 'LOGNAME', 'PATH', 'TMPDIR', 'USER'];

/** Makes a server ready to be connected to; its variables are read now. @throws UserError where it cannot be started so. */
export async function openServer(
  server: HostServer,
  surroundings: ServerSurroundings,
): Promise<Pick<Served, 'declared' | 'open'>> {
  const sources = server.command ? server.environment : server.headers;
  const { values, secrets } = await resolveValues(sources, server.name, surroundings.env);
  const declared: Declared = {
    name: server.name,
    tools: server.tools,
    features: new Set(server.features),
    pins: server.pins,
    audit: server.audit,
    limits: limitsOf(server),
    secrets,
  };
  if (server.url !== undefined) {
    const { httpUpstream } = await import('./http-server.js');
    const { answer } = declared.limits;
    return { declared, open: httpUpstream({ name: server.name, url: server.url, headers: values, answer }) };
  }
  const { program, args } = commandOf(server, surroundings);
  const stdio = {
    name: server.name,
    program,
    args,
    env: { ...cleanEnvironment(surroundings.env), ...values },
    folder: surroundings.places.work,
    log: logTo(join(surroundings.places.state, 'logs'), server.name),
  };
  return { declared, open: stdioUpstream(stdio, surroundings.children) };
}

function limitsOf({ limits }: PolicyServer): Limits {
  const { callSeconds, idleMinutes, messagesPerMinute, answerMegabytes } = limits;
  return {
    ...defaultLimits,
    ...(callSeconds !== undefined && { call: callSeconds * 1000 }),
    ...(idleMinutes !== undefined && { idle: idleMinutes * 60_000 }),
    ...(messagesPerMinute !== undefined && { messagesPerMinute }),
    ...(answerMegabytes !== undefined && { answer: answerMegabytes * 1024 * 1024 }),
  };
}

/** The program by its absolute path. @throws UserError where it is not there, or lies where the agent can write. */
function commandOf(
  { name, command = [] }: HostServer,
  { places, env }: ServerSurroundings,
): { program: string; args: readonly string[] } {
  const [first = '', ...args] = command;
  const program = first.startsWith('/') ? first : findProgram(first, env);
  if (program === undefined || !existsSync(program))
    throw new UserError(`${name}: ${first} is not in PATH; name a program that is, or its absolute path`);
  for (const word of [program, ...args]) {
    if (!word.startsWith('/') || !existsSync(word)) continue;
    const real = realpathSync(word);
    if (real.startsWith(places.project + sep) && statSync(real).isFile())
      throw new UserError(
        `${name}: ${word} is a file of the project, which the agent can change, and it would run on the host; keep it outside of the project`,
      );
  }
  return { program, args };
}

function cleanEnvironment(env: ServerSurroundings['env']): Record<string, string> {
  const kept = passed.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { HOME: homedir(), USER: userInfo().username, ...Object.fromEntries(kept) };
}

/** A server that prints without end must not fill the disk: two files of at most 1 MB. */
const mostLog = 1024 * 1024;

function logTo(folder: string, name: string): (text: Buffer) => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.log`);
  let size = existsSync(path) ? statSync(path).size : 0;
  return (text) => {
    try {
      if (size > mostLog) {
        renameSync(path, `${path}.1`);
        size = 0;
      }
      appendFileSync(path, text, { mode: 0o600 });
      size += text.length;
    } catch {
      // A log that cannot be written must not end the session.
    }
  };
}
