import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import type { ValueSource } from '../policy/servers.js';
import { type CommandOptions, findProgram, runCommand } from '../project/command.js';

type Env = CommandOptions['env'];

/** A password manager may ask somebody to confirm. */
const longestWait = 60_000;

/**
 * The values of a server's variables or headers, by name, and those of them that are secrets. @throws UserError that names
 * the variable and never a value.
 */
export async function resolveValues(
  sources: Readonly<Record<string, ValueSource>>,
  server: string,
  env: Env,
): Promise<{ values: Record<string, string>; secrets: string[] }> {
  const values: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [name, source] of Object.entries(sources)) {
    const text = await resolveSource(source, `${server}: ${name}`, env);
    if (/[\r\n\0]/.test(text)) throw new UserError(`${server}: the value of ${name} has more than one line`);
    values[name] = `${source.prefix ?? ''}${text}`;
    if (source.value === undefined) secrets.push(text);
  }
  return { values, secrets };
}

async function resolveSource(source: ValueSource, what: string, env: Env): Promise<string> {
  if (source.value !== undefined) return source.value;
  if (source.env !== undefined) {
    const value = env[source.env];
    if (value === undefined || value === '')
      throw new UserError(`${what} comes from the variable ${source.env}, which is not set here`);
    return value;
  }
  if (source.file !== undefined) return readSecret(source.file, what);
  return printed(source.command ?? [], what, env);
}

function readSecret(file: string, what: string): string {
  const path = file.startsWith('~/') ? join(homedir(), file.slice(2)) : file;
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new UserError(`${what} comes from ${file}, which cannot be read`, { cause: error });
  }
}

async function printed([name = '', ...args]: readonly string[], what: string, env: Env): Promise<string> {
  const program = name.startsWith('/') ? name : findProgram(name, env);
  if (program === undefined) throw new UserError(`${what} comes from ${name}, which is not in PATH`);
  const { code, stdout } = await runCommand(program, args, { env, timeout: longestWait, mostOutput: 65_536 });
  if (code !== 0) throw new UserError(`${what} comes from ${name}, which ended with exit code ${code}`);
  return stdout.replace(/\r?\n$/, '');
}
