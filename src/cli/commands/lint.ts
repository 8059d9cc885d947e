import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExitCode, UserError } from '../../core/errors.js';
import { compareSeverity, type LintOptions, type LintResult } from '../../core/lint.js';
import { printable } from '../../core/printable.js';
import type { Persona, Severity } from '../../core/rule.js';
import { lintFiles, listRules } from '../../index.js';
import { type OpenProject, openProject } from '../../project/discover.js';
import { packageVersion } from '../../project/package.js';
import { reportAll } from '../../reporters/reporter.js';
import { countOf } from '../../reporters/summary.js';
import type { Format } from '../flags.js';
import { type ColorChoice, type Io, write } from '../io.js';
import { configFinder, readNamedConfig } from '../lint-config.js';
import { openReporter } from '../open-reporter.js';

export interface LintCommandOptions {
  readonly paths: readonly string[];
  readonly format: Format;
  /** The report goes to this file, relative to the working directory, and not to stdout. */
  readonly output: string | undefined;
  readonly failOn: Severity | 'never';
  readonly persona: Persona;
  readonly rules: readonly string[];
  readonly skipRules: readonly string[];
  /** Instead of the repository's own policy. */
  readonly config: string | undefined;
  readonly baseline: string | undefined;
  readonly updateBaseline: boolean;
  readonly suppressions: boolean;
  readonly allowPartial: boolean;
  readonly stdin: boolean;
  readonly stdinFilename: string | undefined;
  readonly color: ColorChoice;
}

/** Lints and reports. Exit code 2 where something could not be analysed, before 1 for findings. */
export async function runLint(options: LintCommandOptions, io: Io): Promise<ExitCode> {
  checkOptions(options);
  const { project, files, prefix, empty, roots, isWhole } = await openInput(options, io);
  for (const folder of empty)
    await write(io.stderr, `note: there is nothing to lint in ${printable(folder)}\n`);
  const overrides =
    options.config === undefined
      ? (await Promise.all(roots.map(configFinder(project)))).flat()
      : await readNamedConfig(io.cwd, options.config);
  const lintOptions: LintOptions = {
    persona: options.persona,
    only: options.rules,
    skip: options.skipRules,
    suppressions: options.suppressions,
    overrides,
    isWhole,
  };
  const result = await lintWithBaseline(files, project, lintOptions, options, io);
  const { format, color, output } = options;
  // Only a report that declares every rule has to load them all.
  const rules = format === 'sarif' ? await listRules() : [];
  const metadata = { version: packageVersion(), rules, prefix };
  const reporter = await openReporter({ format, color, toFile: output !== undefined }, metadata, io);
  const text = reportAll(reporter, [result]);
  if (output === undefined) await write(io.stdout, text);
  else writeReport(resolve(io.cwd, output), text);
  return exitCodeOf(result, options);
}

function checkOptions({
  baseline,
  updateBaseline,
  suppressions,
  stdin,
  stdinFilename,
  paths,
}: LintCommandOptions) {
  if (updateBaseline && baseline === undefined)
    throw new UserError('--update-baseline needs --baseline FILE, the file to write');
  if (updateBaseline && !suppressions)
    throw new UserError(
      '--update-baseline and --no-suppressions exclude each other: what is suppressed stays out',
    );
  if (stdinFilename !== undefined && !stdin) throw new UserError('--stdin-filename goes with --stdin only');
  if (stdin && paths.length > 0)
    throw new UserError(`--stdin lints one text: leave '${paths[0]}' out, or name it with --stdin-filename`);
}

async function openInput(options: LintCommandOptions, io: Io): Promise<OpenProject> {
  if (!options.stdin) return openProject(io.cwd, options.paths);
  const { openStdin } = await import('../stdin.js');
  return openStdin(io, options.stdinFilename);
}

async function lintWithBaseline(
  files: readonly string[],
  project: OpenProject['project'],
  lintOptions: LintOptions,
  { baseline: path, updateBaseline }: LintCommandOptions,
  io: Io,
): Promise<LintResult> {
  if (path === undefined) return lintFiles(files, project, lintOptions);
  const { readBaseline, toEntry, writeBaseline } = await import('../baseline.js');
  if (updateBaseline) {
    const { findings } = await lintFiles(files, project, { ...lintOptions, persona: 'pedantic' });
    writeBaseline(io.cwd, path, findings.map(toEntry));
    await write(io.stderr, `note: ${printable(path)} lists ${countOf(findings.length, 'finding')} now\n`);
  }
  const baseline = readBaseline(io.cwd, path);
  const result = await lintFiles(files, project, { ...lintOptions, inBaseline: baseline.has });
  const unused = baseline.unusedCount();
  if (unused > 0 && lintOptions.suppressions)
    await write(
      io.stderr,
      `note: ${unused} ${unused === 1 ? 'entry' : 'entries'} of ${printable(path)} ${unused === 1 ? 'matches' : 'match'} nothing any more; --update-baseline drops them\n`,
    );
  return result;
}

function writeReport(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`the report cannot be written: ${reason}`, { cause });
  }
}

function exitCodeOf(
  { findings, complete }: LintResult,
  { failOn, allowPartial }: LintCommandOptions,
): ExitCode {
  if (!complete && !allowPartial) return ExitCode.usage;
  const fails = failOn !== 'never' && findings.some(({ severity }) => compareSeverity(severity, failOn) <= 0);
  return fails ? ExitCode.findings : ExitCode.clean;
}
