import type { ChalkInstance } from 'chalk';
import { printable } from '../core/printable.js';
import { wrapText } from '../core/width.js';
import { type HostSetting, hostSettings, openVariables } from './editor-settings.js';

/** A tie that is open, and how it is closed. */
export interface OpenTie {
  /** A setting's key, or a variable's name. */
  readonly name: string;
  /** What is set; undefined where nothing is. */
  readonly value: unknown;
  /** A setting's value that closes it; undefined for a variable, which is left out. */
  readonly wanted: unknown;
  readonly tie: string;
  readonly cost: string | undefined;
}

export interface EditorReport {
  readonly editor: string;
  readonly file: string;
  readonly open: readonly OpenTie[];
}

export interface DoctorReport {
  readonly editors: readonly EditorReport[];
  /** Of the environment that this was run in. */
  readonly environment: readonly OpenTie[];
}

/** The ties that one file of settings leaves open on such a machine. */
export function judgeSettings(
  settings: Readonly<Record<string, unknown>>,
  machine: 'linux' | 'windows' | 'other',
): readonly OpenTie[] {
  return hostSettings.flatMap(({ key, wanted, usual, tie, cost, only }) => {
    if (only !== undefined && only !== machine) return [];
    const value = settings[key];
    if (value === undefined ? usual : isSame(value, wanted)) return [];
    return [{ name: key, value, wanted, tie, cost }];
  });
}

export function judgeEnvironment(env: Readonly<Record<string, string | undefined>>): readonly OpenTie[] {
  return openVariables.flatMap(({ name, tie, cost }) =>
    env[name] ? [{ name, value: env[name], wanted: undefined, tie, cost }] : [],
  );
}

function isSame(a: unknown, b: HostSetting['wanted']): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function formatDoctor(report: DoctorReport, chalk: ChalkInstance, width: number): string {
  const editors = report.editors.map(({ editor, file, open }) => {
    const title = `${chalk.bold(editor)}  ${chalk.dim(printable(file))}\n`;
    if (open.length === 0) return `${title}  ${chalk.green('closed')}  nothing is left open\n`;
    const lines = open.map(({ name, wanted }) => `    ${JSON.stringify(name)}: ${JSON.stringify(wanted)},\n`);
    return `${title}${open.map((one) => formatTie(one, chalk, width)).join('')}\n  Add to that file, or change there:\n\n${lines.join('')}`;
  });
  return [...editors, formatEnvironment(report.environment, chalk, width)].join('\n');
}

function formatEnvironment(open: readonly OpenTie[], chalk: ChalkInstance, width: number): string {
  const title = `${chalk.bold('This shell')}, for an editor that is started from it\n`;
  if (open.length === 0) return `${title}  ${chalk.green('closed')}  nothing is passed on\n`;
  const names = open.map(({ name }) => `-u ${name}`).join(' ');
  return `${title}${open.map((one) => formatTie(one, chalk, width)).join('')}\n  Start the first window of the editor so:\n\n    env ${names} code .\n`;
}

function formatTie({ name, value, tie, cost }: OpenTie, chalk: ChalkInstance, width: number): string {
  const state = value === undefined ? 'is not set' : `is ${printable(JSON.stringify(value)).slice(0, 60)}`;
  const text = `${name} ${state}: the editor ${tie}${cost ? `. Closing it costs ${cost}` : ''}`;
  const [first = '', ...rest] = wrapText(text, Math.max(40, width - 8));
  return `  ${chalk.yellow('open')}  ${[first, ...rest.map((line) => `        ${line}`)].join('\n')}\n`;
}
