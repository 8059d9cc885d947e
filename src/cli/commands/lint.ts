import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExitCode, UserError } from '../../core/errors.js';
import { compareSeverity, type LintResult } from '../../core/lint.js';
import { printable } from '../../core/printable.js';
import type { Persona, Severity } from '../../core/rule.js';
import { lintFiles, listRules } from '../../index.js';
import { openProject } from '../../project/discover.js';
import { packageVersion } from '../../project/package.js';
import { reportAll } from '../../reporters/reporter.js';
import type { Format } from '../flags.js';
import { type ColorChoice, type Io, write } from '../io.js';
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
  readonly color: ColorChoice;
}

/** Lints and reports. Exit code 2 where something could not be analysed, before 1 for findings. */
export async function runLint(options: LintCommandOptions, io: Io): Promise<ExitCode> {
  const { project, files, prefix, empty } = openProject(io.cwd, options.paths);
  for (const folder of empty)
    await write(io.stderr, `note: there is nothing to lint in ${printable(folder)}\n`);
  const result = await lintFiles(files, project, {
    persona: options.persona,
    only: options.rules,
    skip: options.skipRules,
  });
  const { format, color, output } = options;
  // Only a report that declares every rule has to load them all.
  const rules = format === 'sarif' ? await listRules() : [];
  const metadata = { version: packageVersion(), rules, prefix };
  const reporter = await openReporter({ format, color, toFile: output !== undefined }, metadata, io);
  const text = reportAll(reporter, [result]);
  if (output === undefined) await write(io.stdout, text);
  else writeReport(resolve(io.cwd, output), text);
  return exitCodeOf(result, options.failOn);
}

function writeReport(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`the report cannot be written: ${reason}`, { cause });
  }
}

function exitCodeOf({ findings, complete }: LintResult, failOn: Severity | 'never'): ExitCode {
  if (!complete) return ExitCode.usage;
  const fails = failOn !== 'never' && findings.some(({ severity }) => compareSeverity(severity, failOn) <= 0);
  return fails ? ExitCode.findings : ExitCode.clean;
}
