import type { ChalkInstance } from 'chalk';
import type { AuditRecord } from '../audit/records.js';
import { printable } from '../core/printable.js';
import { formatTable } from './table.js';

export interface AuditTextOptions {
  readonly width: number;
  readonly chalk: ChalkInstance;
}

/** One line a call, oldest first. */
export function reportAuditText(records: readonly AuditRecord[], { width, chalk }: AuditTextOptions): string {
  if (records.length === 0) return 'No tool call is in the log.\n';
  const cells = (of: (record: AuditRecord) => string) => records.map((record) => printable(of(record)));
  const paint = (text: string) => {
    const verdict = text.trim();
    if (verdict === 'refused' || verdict === 'held') return chalk.red(text);
    return verdict === 'asked' || verdict === 'approved' ? chalk.yellow(text) : text;
  };
  return formatTable(
    [
      { title: 'time', cells: cells(({ time }) => time.replace('T', ' ').replace('Z', '')), align: 'left' },
      { title: 'agent', cells: cells(({ agent }) => agent), align: 'left' },
      { title: 'verdict', cells: cells(({ verdict }) => verdict), align: 'left', paint },
      { title: 'tool', cells: cells(({ tool }) => tool.slice(0, 24)), align: 'left' },
      { title: 'what', cells: cells(shown), align: 'left', isFlexible: true, keepsStart: true },
    ],
    width,
    chalk,
  );
}

function shown({ target, arguments: given, reason, verdict }: AuditRecord): string {
  const what = (target || given).slice(0, 500);
  return verdict === 'refused' && reason !== '' ? `${what} (${reason})` : what;
}
