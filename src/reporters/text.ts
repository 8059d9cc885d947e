import type { ChalkInstance } from 'chalk';
import { compareSeverity } from '../core/lint.js';
import { logLine, printable } from '../core/printable.js';
import type { Finding, Fix, Severity } from '../core/rule.js';
import { type Place, positionAt } from '../core/text.js';
import { displayWidth, wrapText } from '../core/width.js';
import { type FrameLine, frameOf } from './frame.js';
import type { Metadata } from './metadata.js';
import type { Coverage, Reporter } from './reporter.js';
import { addToTally, countFindings, countOf, describeRest, newTally, type Tally } from './summary.js';

/** How the text is dressed: the terminal's columns, and chalk at the level that it can show. */
export interface TextStyle {
  readonly width: number;
  readonly chalk: ChalkInstance;
}

const narrowest = 40;

/** The report for people: every finding with its source, why it matters and what mends it, then a summary. */
export function textReporter(metadata: Metadata, style: TextStyle): Reporter {
  const fitted = { ...style, width: Math.max(style.width, narrowest) };
  const explained = new Set<string>();
  const tally = newTally();
  let worst: Finding | undefined;
  return {
    add(result) {
      addToTally(tally, result);
      const [first] = result.findings;
      if (first && (!worst || compareSeverity(first.severity, worst.severity) < 0)) worst = first;
      const known = { ...metadata, rules: result.rules };
      const blocks = result.findings.map((finding) => {
        // The reason is the same for every finding of a rule: once is enough.
        const isFirst = !explained.has(finding.ruleId);
        explained.add(finding.ruleId);
        return `${reportFinding(finding, isFirst, known, fitted)}\n\n`;
      });
      return blocks.join('');
    },
    end: (coverage) => `${summaryLines(tally, worst, coverage, fitted).join('\n')}\n`,
  };
}

/** One finding as in the report, without a line end at its end. */
export function reportFinding(
  finding: Finding,
  withWhy: boolean,
  metadata: Metadata,
  style: TextStyle,
): string {
  const { chalk, width } = style;
  const paint = painter(finding.severity, chalk);
  const frame = frameOf(finding.place, width - gutterOf(finding.place) - 3);
  const margin = ' '.repeat(gutterWidth(frame));
  const bar = `${margin} ${chalk.blue('|')}`;
  const lines = [
    ...titleLines(finding, style),
    `${margin}${chalk.blue('-->')} ${placeText(finding.place, metadata)}`,
  ];
  if (frame.length > 0) lines.push(bar);
  for (const line of frame) lines.push(...frameLines(line, margin.length, paint, chalk));
  const notes = notesOf(finding, withWhy, metadata);
  if (notes.length > 0) lines.push(bar);
  for (const [label, text] of notes) {
    const lead = `${margin} ${chalk.blue('=')} ${chalk.bold(label)}: `;
    const indent = margin.length + label.length + 5;
    const [first = '', ...rest] = wrapText(printable(text), width - indent);
    lines.push(`${lead}${first}`, ...rest.map((more) => `${' '.repeat(indent)}${more}`));
  }
  return lines.map((line) => logLine(line.trimEnd())).join('\n');
}

/** The message is broken only where it does not fit, so that a value in it keeps its blanks. */
function titleLines({ severity, ruleId, message }: Finding, { chalk, width }: TextStyle): string[] {
  const label = `${severity}[${ruleId}]:`;
  const whole = `${label} ${printable(message)}`;
  const [first = '', ...rest] = displayWidth(whole) > width ? wrapText(whole, width) : [whole];
  const paint = painter(severity, chalk);
  const head = `${paint(label.slice(0, -1))}:${chalk.bold(first.slice(label.length))}`;
  return [head, ...rest.map((line) => chalk.bold(line))];
}

function notesOf(finding: Finding, withWhy: boolean, metadata: Metadata): [label: string, text: string][] {
  const why = metadata.rules.find((rule) => rule.id === finding.ruleId)?.why;
  const notes: [string, string][] = [];
  for (const { place, message } of finding.related ?? [])
    notes.push(['see', `${placeText(place, metadata)}: ${message}`]);
  if (withWhy && why) notes.push(['why', why]);
  finding.fixes.forEach((fix, index) => {
    notes.push([index === 0 ? 'fix' : ' or', describeFix(fix)]);
  });
  return notes;
}

function describeFix(fix: Fix): string {
  return `${fix.title} [${fix.safety}]${fix.consequence ? `: ${fix.consequence}` : ''}`;
}

function frameLines(
  line: FrameLine,
  gutter: number,
  paint: (text: string) => string,
  chalk: ChalkInstance,
): string[] {
  if (line === 'gap') return [chalk.blue('...')];
  const number = chalk.blue(String(line.number).padStart(gutter));
  const shown = [`${number} ${chalk.blue('|')} ${line.text}`];
  if (!line.underline) return shown;
  const { indent, width } = line.underline;
  return [
    ...shown,
    `${' '.repeat(gutter)} ${chalk.blue('|')} ${' '.repeat(indent)}${paint('^'.repeat(width))}`,
  ];
}

function placeText({ file, at }: Place, metadata: Metadata): string {
  const { line, column } = positionAt(file, at.start);
  return `${printable(`${metadata.prefix}${file.path}`)}:${line}:${column}`;
}

/** Columns of the line numbers: the frame may reach one line beyond the span. */
function gutterOf({ file, at }: Place): number {
  return String(positionAt(file, at.end).line + 1).length;
}

function gutterWidth(frame: readonly FrameLine[]): number {
  return Math.max(1, ...frame.map((line) => (line === 'gap' ? 1 : String(line.number).length)));
}

function painter(severity: Severity, chalk: ChalkInstance): (text: string) => string {
  if (severity === 'error') return chalk.bold.red;
  return severity === 'warning' ? chalk.bold.yellow : chalk.bold.cyan;
}

function summaryLines(
  { summary, files, complete }: Tally,
  worst: Finding | undefined,
  coverage: Coverage,
  { chalk, width }: TextStyle,
): string[] {
  const where = countOf(files, 'configuration');
  const counts = countFindings(summary);
  const lines = [
    counts === '' ? chalk.green(`No findings in ${where}.`) : `${chalk.bold(counts)} in ${where}.`,
    ...describeRest(summary, coverage).flatMap((line) => wrapText(line, width)),
  ];
  if (!complete)
    lines.push(chalk.bold.red('Not everything could be analysed: what is missing is not known to be safe.'));
  const { fixable, safelyFixable } = summary;
  if (fixable > 0) {
    const safe = safelyFixable > 0 ? ` (${safelyFixable} safely, with fix --safe)` : '';
    lines.push(`${fixable} can be fixed${safe}: run ${chalk.bold('harden-devcontainer fix')}`);
  }
  if (worst) lines.push(`More about a rule: ${chalk.bold(`harden-devcontainer explain ${worst.ruleId}`)}`);
  return lines;
}
