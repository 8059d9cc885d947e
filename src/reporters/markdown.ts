import type { ReportedFinding } from '../core/lint.js';
import { printable } from '../core/printable.js';
import { type Severity, severities } from '../core/rule.js';
import { positionAt } from '../core/text.js';
import type { Metadata } from './metadata.js';
import type { Reporter } from './reporter.js';
import { addToTally, countFindings, countOf, describeRest, newTally } from './summary.js';

/** Rows of the table: a summary is read, and GitHub refuses one beyond a megabyte. */
const mostRows = 50;
const longestMessage = 300;

/** A summary in Markdown, for a job's page or a comment: counts, the worst findings, and how many there are by rule. */
export function markdownReporter({ prefix }: Metadata): Reporter {
  const tally = newTally();
  const rows: Record<Severity, string[]> = { error: [], warning: [], info: [] };
  const byRule = new Map<string, number>();
  const reasons = new Map<string, string>();
  return {
    add(result) {
      addToTally(tally, result);
      for (const finding of result.findings) {
        reasons.set(finding.ruleId, result.rules.find(({ id }) => id === finding.ruleId)?.why ?? '');
        byRule.set(finding.ruleId, (byRule.get(finding.ruleId) ?? 0) + 1);
        const list = rows[finding.severity];
        if (list.length < mostRows) list.push(toRow(finding, prefix));
      }
      return '';
    },
    end(coverage) {
      const { summary, complete, files } = tally;
      const where = countOf(files, 'configuration');
      const counts = countFindings(summary);
      const shown = severities.flatMap((severity) => rows[severity]).slice(0, mostRows);
      const total = summary.error + summary.warning + summary.info;
      const parts = [
        '## harden-devcontainer',
        counts === '' ? `No findings in ${where}.` : `**${counts}** in ${where}.`,
        ...(complete
          ? []
          : ['**Not everything could be analysed: what is missing is not known to be safe.**']),
        ...describeRest(summary, coverage),
      ];
      if (shown.length > 0) parts.push(table(['severity', 'where', 'rule', 'what'], shown));
      if (total > shown.length) {
        parts.push(`${total - shown.length} more are not in the table. By rule:`);
        const counted = [...byRule]
          .sort(([, a], [, b]) => b - a)
          .map(([id, count]) => `| \`${id}\` | ${count} |`);
        parts.push(table(['rule', 'findings'], counted));
      }
      const why = [...reasons].sort().map(([id, text]) => `- \`${id}\`: ${escapeMarkdown(text)}`);
      if (why.length > 0)
        parts.push(`<details><summary>Why these matter</summary>\n\n${why.join('\n')}\n\n</details>`);
      return `${parts.join('\n\n')}\n`;
    },
  };
}

function table(titles: readonly string[], rows: readonly string[]): string {
  return [`| ${titles.join(' | ')} |`, `|${' --- |'.repeat(titles.length)}`, ...rows].join('\n');
}

function toRow({ severity, ruleId, message, place }: ReportedFinding, prefix: string): string {
  const { line } = positionAt(place.file, place.at.start);
  const shown = message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;
  return `| ${severity} | ${code(`${prefix}${place.file.path}:${line}`)} | \`${ruleId}\` | ${escapeMarkdown(shown)} |`;
}

/** HTML, because a code span of Markdown cannot hold every text inside a table. */
function code(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}

/**
 * Text that Markdown shows as it is: every sign with a meaning as an entity, and a break behind those that make GitHub
 * and GitLab notify somebody or link something. No address becomes a link: a reader must not be led away by a file
 * that was scanned.
 */
function escapeMarkdown(text: string): string {
  return printable(text)
    .replace(/[&<>"`*_[\]#|~\\$!]|:(?=[\w/])|(?<=www)\./gi, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/@|&#35;/g, '$&&#8203;');
}
