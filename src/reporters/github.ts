import type { ReportedFinding } from '../core/lint.js';
import { printable } from '../core/printable.js';
import { type Severity, severities } from '../core/rule.js';
import { positionAt } from '../core/text.js';
import type { Metadata } from './metadata.js';
import { plainLine } from './plain-line.js';
import type { Reporter } from './reporter.js';
import { addToTally, countFindings, countOf, describeRest, newTally } from './summary.js';

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<
  Severity,
  string
>;

/** GitHub shows so many annotations of each kind for one step, and drops the others without a word. */
const mostOfAKind = 10;

/**
 * Workflow commands that become annotations, worst first. Paths are as seen from the working directory, which has to
 * be the repository's root. What GitHub would drop stands in the log as plain lines.
 */
export function githubReporter(metadata: Metadata): Reporter {
  const tally = newTally();
  const shown: Record<Severity, string[]> = { error: [], warning: [], info: [] };
  return {
    add(result) {
      addToTally(tally, result);
      const others: string[] = [];
      for (const finding of result.findings) {
        // The last notice is the summary's.
        const most = finding.severity === 'info' ? mostOfAKind - 1 : mostOfAKind;
        const list = shown[finding.severity];
        if (list.length < most) list.push(annotate(finding, metadata.prefix));
        else others.push(`${plainLine(finding, metadata.prefix)}\n`);
      }
      return others.join('');
    },
    end(coverage) {
      const annotations = severities.flatMap((severity) => shown[severity]);
      const { summary, complete } = tally;
      const total = summary.error + summary.warning + summary.info;
      const more = total - annotations.length;
      const notes = [
        ...(total === 0 ? [] : [`${countFindings(summary)}.`]),
        ...(more > 0
          ? [`GitHub shows ${annotations.length} of them as annotations; the log has ${more} more.`]
          : []),
        ...(complete ? [] : ['Not everything could be analysed: what is missing is not known to be safe.']),
        ...describeRest(summary, coverage),
      ];
      if (total === 0) notes.unshift(`No findings in ${countOf(tally.files, 'configuration')}.`);
      const isNote = more > 0 || !complete;
      const note = isNote
        ? command('notice', [['title', 'harden-devcontainer']], notes.join(' '))
        : notes.join('\n');
      return [...annotations, note].map((line) => `${line}\n`).join('');
    },
  };
}

function annotate({ ruleId, severity, message, place, fixes }: ReportedFinding, prefix: string): string {
  const start = positionAt(place.file, place.at.start);
  const end = positionAt(place.file, place.at.end);
  const [fix] = fixes;
  const advice = fix ? `\nfix: ${printable(fix.title)}` : '';
  return command(
    commands[severity],
    [
      ['file', printable(`${prefix}${place.file.path}`)],
      ['line', String(start.line)],
      ['endLine', String(end.line)],
      // Columns count within one line only.
      ...(start.line === end.line
        ? ([
            ['col', String(start.column)],
            ['endColumn', String(end.column)],
          ] as const)
        : []),
      ['title', ruleId],
    ],
    `${printable(message)}${advice}`,
  );
}

function command(name: string, properties: readonly (readonly [string, string])[], data: string): string {
  const list = properties.map(
    ([key, value]) => `${key}=${escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${name} ${list.join(',')}::${escapeData(data)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
