import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExitCode, UserError } from '../../core/errors.js';
import { readChecked } from '../../policy/parse.js';
import { packageVersion } from '../../project/package.js';
import { findSettings, isWsl, type SettingsFile } from '../doctor-editors.js';
import { type DoctorReport, formatDoctor, judgeEnvironment, judgeSettings } from '../doctor-report.js';
import { type ColorChoice, chalkFor, type Io, widthOf, write } from '../io.js';

export interface DoctorCommandOptions {
  /** Files of settings to read in place of those that are found. */
  readonly settings: readonly string[];
  readonly format: 'text' | 'json';
  readonly color: ColorChoice;
}

/**
 * Says which ties between an editor and a container only this host can cut, and with which lines. Reads, and no more.
 * Exit code 1 where one is open, 2 where settings cannot be read.
 */
export async function runDoctor(options: DoctorCommandOptions, io: Io): Promise<ExitCode> {
  const files =
    options.settings.length > 0
      ? options.settings.map((path) => given(resolve(io.cwd, path), path))
      : findSettings(io.env, process.platform);
  const machine = machineOf(io);
  const editors = files.map((file) => ({
    editor: file.editor,
    file: file.path,
    open: judgeSettings(file.missing ? {} : readSettings(file.path), machine),
  }));
  const report: DoctorReport = { editors, environment: judgeEnvironment(io.env) };
  const isOpen = [...editors.map(({ open }) => open), report.environment].some((open) => open.length > 0);
  if (options.format === 'json') {
    const json = { version: 1, tool: packageVersion(), ...report };
    await write(io.stdout, `${JSON.stringify(json, undefined, 2)}\n`);
  } else {
    const chalk = await chalkFor(io.stdout, options.color, io.env);
    await write(io.stdout, formatDoctor(report, chalk, widthOf(io.stdout)));
    if (editors.length === 0)
      await write(
        io.stderr,
        'no editor that attaches to dev containers was found; name its file with --settings FILE\n',
      );
    await write(io.stderr, closing);
  }
  return isOpen ? ExitCode.findings : ExitCode.clean;
}

const closing =
  '\nAn editor that is attached to a container trusts it, whatever is set here. What these lines leave is best effort;\n`devcontainer exec` attaches nothing.\n';

function machineOf(io: Io): 'linux' | 'windows' | 'other' {
  if (process.platform === 'win32' || isWsl(io.env)) return 'windows';
  return process.platform === 'linux' ? 'linux' : 'other';
}

function given(path: string, shown: string): SettingsFile {
  if (!existsSync(path)) throw new UserError(`--settings: ${shown} does not exist`);
  return { editor: 'settings', path, missing: false };
}

/** @throws UserError where the file is no object of JSON with comments: an editor would ignore it, and so every line in it. */
function readSettings(path: string): Readonly<Record<string, unknown>> {
  const text = readText(path);
  const { value } = text.trim() === '' ? { value: {} } : readChecked({ path, text }, () => []);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError(`${path} holds no settings: it is not an object`);
  return value as Readonly<Record<string, unknown>>;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${(error as Error).message}`);
  }
}
