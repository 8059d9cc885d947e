import { ExitCode, UserError } from '../../core/errors.js';
import { compareSeverity, type LintOptions, type LintResult } from '../../core/lint.js';
import { printable } from '../../core/printable.js';
import type { Persona, Severity } from '../../core/rule.js';
import { listRules } from '../../index.js';
import { searchedPlaces } from '../../project/discover.js';
import { packageVersion } from '../../project/package.js';
import { openTargets } from '../../project/targets.js';
import { type ClosedFolder, newSkipped, type Skipped } from '../../project/walk.js';
import { countOf, describeRest, newTally } from '../../reporters/summary.js';
import type { Baseline } from '../baseline.js';
import type { Format } from '../flags.js';
import { type ColorChoice, type Io, write } from '../io.js';
import { readNamedConfig } from '../lint-config.js';
import { type FindOverrides, lintUnits, overridesOfRepositories, type TakeResult } from '../lint-units.js';
import { nameOf } from '../open-project.js';
import { openReporter } from '../open-reporter.js';
import { openProgress, type Progress } from '../progress.js';
import { openReportOutput } from '../report-output.js';
import { findUnits, type Unit } from '../units.js';

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
  /** Findings in examples count like others. */
  readonly allScopes: boolean;
  readonly allowPartial: boolean;
  readonly stdin: boolean;
  readonly stdinFilename: string | undefined;
  readonly color: ColorChoice;
}

/** Lints and reports, one project after the other. Exit code 2 where something could not be analysed, before 1 for findings. */
export async function runLint(options: LintCommandOptions, io: Io): Promise<ExitCode> {
  checkOptions(options);
  const { format, color, output, config } = options;
  const named = config === undefined ? undefined : await readNamedConfig(io.cwd, config);
  const run: Run = {
    options,
    io,
    input: await openInput(options, io),
    // Made anew for each pass: it remembers the configuration of a repository.
    findOverrides: () => (named ? () => named : overridesOfRepositories()),
    lintOptions: {
      persona: options.persona,
      only: options.rules,
      skip: options.skipRules,
      suppressions: options.suppressions,
      allScopes: options.allScopes,
      today: new Date().toISOString().slice(0, 10),
    },
    progress: openProgress(io.stderr, io.env),
  };
  const baseline = await openBaseline(run);
  // Only a report that declares every rule has to load them all.
  const rules = format === 'sarif' ? await listRules() : [];
  const metadata = { version: packageVersion(), rules, prefix: run.input.prefix };
  const reporter = await openReporter({ format, color, toFile: output !== undefined }, metadata, io);
  const report = openReportOutput(io, output, run.progress.clear);
  const total = newTotal();
  await lintAll(run, { ...run.lintOptions, inBaseline: baseline?.has }, (result) => {
    addToTotal(total, result);
    return report.add(reporter.add(result));
  });
  run.progress.clear();
  const { empty, skipped } = run.input;
  if (total.files === 0 && total.complete) throw nothingToLint(run.input);
  for (const folder of empty)
    await write(io.stderr, `note: there is nothing to lint in ${printable(folder)}\n`);
  await report.add(reporter.end(skipped));
  await report.end();
  if (baseline && options.suppressions) await noteUnused(baseline, options, io);
  return exitCodeOf(total, options);
}

interface Run {
  readonly options: LintCommandOptions;
  readonly io: Io;
  readonly input: Input;
  readonly findOverrides: () => FindOverrides;
  readonly lintOptions: LintOptions;
  readonly progress: Progress;
}

/** What is linted. `empty` and `skipped` are filled while `units` is gone through. */
interface Input {
  readonly prefix: string;
  units(): Iterable<Unit | ClosedFolder>;
  readonly empty: string[];
  readonly skipped: Skipped;
}

async function openInput(options: LintCommandOptions, io: Io): Promise<Input> {
  const rest = { empty: [] as string[], skipped: newSkipped() };
  if (options.stdin) {
    const { openStdin } = await import('../stdin.js');
    const unit = await openStdin(io, options.stdinFilename);
    return { ...rest, prefix: '', units: () => [unit] };
  }
  const targets = openTargets(io.cwd, options.paths);
  return { ...rest, prefix: targets.prefix, units: () => findUnits(targets, rest.skipped, rest.empty) };
}

/** From so many configurations on, it pays to tell the engine that the run is a long one. */
const longRun = 30;

async function lintAll(run: Run, options: LintOptions, take: TakeResult): Promise<void> {
  const { input, findOverrides, progress } = run;
  let count = 0;
  let isLong = false;
  await lintUnits(input.units(), findOverrides(), options, (result) => {
    count += result.files.length;
    progress.show(`linted ${count}, now in ${result.files[0] ?? ''}`);
    if (isLong || count < longRun) return take(result);
    isLong = true;
    return tellOfLongRun().then(() => take(result));
  });
}

async function tellOfLongRun(): Promise<void> {
  const { optimizeLess } = await import('../long-run.js');
  optimizeLess();
}

/** The baseline that is named, with --update-baseline after a first pass over everything that writes it. */
async function openBaseline(run: Run): Promise<Baseline | undefined> {
  const { options, io, lintOptions, input } = run;
  const { baseline: path, updateBaseline } = options;
  if (path === undefined) return undefined;
  const { checkBaselineTarget, readBaseline, toEntry, writeBaseline } = await import('../baseline.js');
  if (updateBaseline) {
    checkBaselineTarget(io.cwd, path);
    const entries: ReturnType<typeof toEntry>[] = [];
    let files = 0;
    await lintAll(run, { ...lintOptions, persona: 'pedantic' }, (result) => {
      files += result.files.length;
      entries.push(...[...result.findings, ...result.examples].map(toEntry));
      return undefined;
    });
    run.progress.clear();
    if (files === 0) throw nothingToLint(input);
    writeBaseline(io.cwd, path, entries);
    await write(io.stderr, `note: ${printable(path)} lists ${countOf(entries.length, 'finding')} now\n`);
    // The pass that reports counts them again.
    Object.assign(input.skipped, newSkipped());
    input.empty.length = 0;
  }
  return readBaseline(io.cwd, path);
}

async function noteUnused(
  baseline: Baseline,
  { baseline: path = '' }: LintCommandOptions,
  io: Io,
): Promise<void> {
  const unused = baseline.unusedCount();
  if (unused === 0) return;
  const [entries, match] = unused === 1 ? ['entry', 'matches'] : ['entries', 'match'];
  const shown = printable(path);
  await write(
    io.stderr,
    `note: ${unused} ${entries} of ${shown} ${match} nothing any more; --update-baseline drops them\n`,
  );
}

function nothingToLint({ empty, skipped }: Input): UserError {
  const places = empty.map(nameOf).join(', ');
  const left = describeRest(newTally().summary, skipped).join(' ');
  return new UserError(
    `nothing to lint: there is no ${searchedPlaces} in ${places}; name other folders or files, or write a dev container with init${left && `. ${left}`}`,
  );
}

function checkOptions({
  baseline,
  updateBaseline,
  suppressions,
  stdin,
  stdinFilename,
  paths,
  rules,
  skipRules,
}: LintCommandOptions) {
  const both = rules.find((id) => skipRules.includes(id));
  if (both !== undefined)
    throw new UserError(`--rule ${both} and --skip-rule ${both} exclude each other: keep one`);
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

/** What decides the exit code. */
interface Total {
  files: number;
  complete: boolean;
  worst: Severity | undefined;
}

function newTotal(): Total {
  return { files: 0, complete: true, worst: undefined };
}

function addToTotal(total: Total, { files, complete, findings }: LintResult): void {
  total.files += files.length;
  total.complete &&= complete;
  // The first of them is the worst.
  const severity = findings[0]?.severity;
  if (severity && (!total.worst || compareSeverity(severity, total.worst) < 0)) total.worst = severity;
}

function exitCodeOf({ complete, worst }: Total, { failOn, allowPartial }: LintCommandOptions): ExitCode {
  if (!complete && !allowPartial) return ExitCode.usage;
  const fails = failOn !== 'never' && worst !== undefined && compareSeverity(worst, failOn) <= 0;
  return fails ? ExitCode.findings : ExitCode.clean;
}
