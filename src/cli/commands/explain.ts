import type { ChalkInstance } from 'chalk';
import { ExitCode, UserError } from '../../core/errors.js';
import type { RuleInfo } from '../../core/lint.js';
import { didYouMean } from '../../core/suggest.js';
import { wrapText } from '../../core/width.js';
import { listRules } from '../../index.js';
import { exampleFiles } from '../../reporters/rule-help.js';
import { type ColorChoice, chalkFor, type Io, widthOf, write } from '../io.js';

export interface ExplainOptions {
  /** The id of a rule; all rules are listed without it. */
  readonly rule: string | undefined;
  readonly color: ColorChoice;
}

/** Prints a rule, or the list of rules. */
export async function runExplain({ rule: id, color }: ExplainOptions, io: Io): Promise<ExitCode> {
  const rules = await listRules();
  const chalk = await chalkFor(io.stdout, color, io.env);
  const width = Math.min(widthOf(io.stdout), 100);
  if (id === undefined) {
    await write(io.stdout, listText(rules, chalk));
    return ExitCode.clean;
  }
  const rule = rules.find((known) => known.id === id);
  if (!rule) {
    const ids = rules.map((known) => known.id);
    throw new UserError(
      `there is no rule '${id}'${didYouMean(id, ids) || '; explain without a name lists all'}`,
    );
  }
  await write(io.stdout, ruleText(rule, width, chalk));
  return ExitCode.clean;
}

function listText(rules: readonly RuleInfo[], chalk: ChalkInstance): string {
  const column = Math.max(...rules.map((rule) => rule.id.length));
  const lines = rules.map((rule) => {
    const persona = rule.persona === 'pedantic' ? chalk.dim(' (pedantic)') : '';
    return `${chalk.bold(rule.id.padEnd(column))}  ${rule.severity.padEnd(7)}  ${rule.summary}${persona}`;
  });
  return `${lines.join('\n')}\n`;
}

function ruleText(rule: RuleInfo, width: number, chalk: ChalkInstance): string {
  const parts = [
    `${chalk.bold(rule.id)}: ${rule.summary}`,
    chalk.dim(`severity ${rule.severity}, confidence ${rule.confidence}, persona ${rule.persona}`),
    paragraph('Why', wrapText(rule.why, width - 2), chalk),
    ...rule.examples.flatMap((example) => [
      code('Bad', example.bad, chalk),
      ...(example.fixed === undefined ? [] : [code('Fixed', example.fixed, chalk)]),
    ]),
    ...(rule.decide === undefined ? [] : [paragraph('To decide', wrapText(rule.decide, width - 2), chalk)]),
    ...rule.good.map((files) => code('Good', files, chalk)),
  ];
  if (rule.references.length > 0) parts.push(paragraph('References', rule.references, chalk));
  return `${parts.join('\n\n')}\n`;
}

function code(title: string, files: Parameters<typeof exampleFiles>[0], chalk: ChalkInstance): string {
  const blocks = exampleFiles(files).map(([path, text]) => {
    const lines = text.trimEnd().split('\n');
    return paragraph(path === '' ? title : `${title}: ${path}`, lines, chalk);
  });
  return blocks.join('\n\n');
}

function paragraph(title: string, lines: readonly string[], chalk: ChalkInstance): string {
  return [chalk.bold(title), ...lines.map((line) => `  ${line}`.trimEnd())].join('\n');
}
