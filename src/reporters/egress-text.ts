import type { ChalkInstance } from 'chalk';
import { printable } from '../core/printable.js';
import { wrapText } from '../core/width.js';
import { type EgressRow, foldEntries } from '../egress/fold.js';
import type { EgressReport } from '../egress/report.js';
import { type Cause, type EgressEntry, triesOf, type Verdict, verdicts } from '../egress/tally.js';
import { type Column, formatTable } from './table.js';

export interface EgressTextStyle {
  /** Columns of the terminal. */
  readonly width: number;
  readonly chalk: ChalkInstance;
  /** Every name on a row of its own, instead of what people read. */
  readonly all: boolean;
}

/** Rows of a section; behind them are the names that were tried least. */
const mostRows = 30;
const narrowest = 60;
const legendIndent = 15;

const titles: Readonly<Record<Verdict, string>> = {
  refused: 'Refused',
  unresolved: 'Without an address',
  observed: 'Let through, not on the list',
  allowed: 'Allowed',
};

/** The words of the last column, and what they stand for. */
const causeWords: Readonly<Record<Cause, readonly [word: string, meaning: string]>> = {
  resolver: ['resolver', 'the name is not on the allowlist, so it does not resolve'],
  proxy: ['proxy', 'the request names a host that is not on the list, at an address from elsewhere'],
  'no-name': ['no name', 'the request names no host, or nothing that could be compared with the list'],
  'no-tls': ['no TLS', 'something other than TLS on port 443'],
  'no-address': ['no address', 'the name servers have no public address for it'],
  'private-address': ['private', 'a name server gave a private address, which is never believed'],
};

/** The report for people: a table for each verdict, refusals first. No character of a name is obeyed by a terminal. */
export function reportEgressText(report: EgressReport, given: EgressTextStyle): string {
  const style = { ...given, width: Math.max(given.width, narrowest) };
  const { tally, destinations, now } = report;
  const parts = verdicts.flatMap((verdict) => {
    const entries = tally.entries.filter((entry) => entry.verdict === verdict);
    return entries.length > 0 ? [sectionOf(verdict, entries, now, style)] : [];
  });
  if (destinations.length > 0) parts.push(destinationsOf(report, style));
  if (parts.length === 0) parts.push('Nothing was refused, and nothing was let out.\n');
  const legend = legendOf(tally.entries, style);
  if (legend !== '') parts.push(legend);
  if (tally.unreadable > 0)
    parts.push(`${style.chalk.yellow('warning:')} ${tally.unreadable} lines of the log could not be read\n`);
  return [headOf(report, style), ...parts].join('\n');
}

function headOf({ container, mode, since, now }: EgressReport, { chalk }: EgressTextStyle): string {
  const { name, id, status } = container;
  const span = since === undefined ? '' : `, the last ${ageOf(now - since)}`;
  const head = `Egress of ${chalk.bold(printable(name))} (${printable(id.slice(0, 12))}, ${printable(status)})${span}\n`;
  if (mode === 'enforce') return head;
  return `${head}${chalk.bold.yellow('OBSERVE:')} every public name and address is let through\n`;
}

function sectionOf(
  verdict: Verdict,
  entries: readonly EgressEntry[],
  now: number,
  { width, chalk, all }: EgressTextStyle,
): string {
  const folded = all ? entries.map((entry): EgressRow => ({ ...entry, names: 1 })) : foldEntries(entries);
  const rows = all ? folded : folded.slice(0, mostRows);
  const isStopped = verdict === 'refused' || verdict === 'unresolved';
  const paint = isStopped ? chalk.red.bold : verdict === 'observed' ? chalk.yellow.bold : chalk.green.bold;
  const column = (title: string, cellOf: (row: EgressRow) => string, align: Column['align'] = 'right') => ({
    title,
    cells: rows.map(cellOf),
    align,
  });
  const bytes: Column[] = isStopped
    ? []
    : [
        column('up', ({ up, connections }) => sizeOf(up, connections)),
        column('down', ({ down, connections }) => sizeOf(down, connections)),
      ];
  const columns: Column[] = [
    column('tries', (row) => String(triesOf(row))),
    column('first', ({ first }) => ageOf(now - first)),
    column('last', ({ last }) => ageOf(now - last)),
    ...bytes,
    { ...column('name', nameOf, 'left'), isFlexible: true, paint: chalk.bold },
    column(isStopped ? 'by' : 'port', isStopped ? wordsOf : portsOf, 'left'),
  ];
  const left = folded.length - rows.length;
  const more = left > 0 ? chalk.dim(`  and ${left} more: --all shows them\n`) : '';
  return `${paint(titles[verdict])} (${countOf(entries.length)})\n${formatTable(columns, width, chalk)}${more}`;
}

function nameOf({ name, names }: EgressRow): string {
  if (name === undefined) return '(none)';
  return names > 1 ? `${printable(name)} (${countOf(names)})` : printable(name);
}

function countOf(names: number): string {
  return `${names} ${names === 1 ? 'name' : 'names'}`;
}

function wordsOf({ verdict, causes, ports, isListed }: EgressRow): string {
  const words = causesIn(causes).map((cause) => causeWords[cause][0]);
  const by = [words.join(', '), ...(ports.length > 0 ? [ports.join('+')] : [])].join(' ');
  return verdict === 'refused' && isListed ? `${by}; open now` : by;
}

/** In the order of the words above. */
function causesIn(seen: Pick<ReadonlyMap<Cause, number>, 'has'>): Cause[] {
  return (Object.keys(causeWords) as Cause[]).filter((cause) => seen.has(cause));
}

/** Ports beyond those of the proxy leave a lookup and nothing else. */
function portsOf({ ports, connections, lookups }: EgressRow): string {
  return connections > 0 ? ports.join('+') : `lookup${lookups === 1 ? '' : 's'} only`;
}

function destinationsOf(
  { destinations, tally }: EgressReport,
  { width, chalk, all }: EgressTextStyle,
): string {
  const rows = all ? destinations : destinations.slice(0, mostRows);
  const columns: Column[] = [
    { title: 'packets', cells: rows.map(({ packets }) => String(packets)), align: 'right' },
    { title: 'bytes', cells: rows.map(({ bytes }) => sizeOf(bytes)), align: 'right' },
    {
      title: 'names that got the address',
      cells: rows.map(
        ({ address }) => printable(tally.namesOf(address).join(', ')) || '(none: a raw address)',
      ),
      align: 'left',
      isFlexible: true,
      paint: chalk.bold,
    },
    {
      title: 'address and port',
      cells: rows.map(({ address, port, protocol }) => `${address} ${port}/${protocol}`),
      align: 'left',
    },
  ];
  const left = destinations.length - rows.length;
  const more = left > 0 ? chalk.dim(`  and ${left} more: --all shows them\n`) : '';
  return `${chalk.yellow.bold('Let through on other ports')}\n${formatTable(columns, width, chalk)}${more}`;
}

function legendOf(entries: readonly EgressEntry[], { width, chalk }: EgressTextStyle): string {
  const seen = new Set(entries.flatMap((entry) => [...entry.causes.keys()]));
  const words = causesIn(seen).map((cause) => causeWords[cause]);
  const ages: typeof words = entries.length > 0 ? [['first, last', 'how long ago the name was tried']] : [];
  const lines = [...ages, ...words].map(([word, meaning]) => {
    const [first, ...rest] = wrapText(meaning, width - legendIndent);
    return `  ${word.padEnd(legendIndent - 4)}  ${[first, ...rest].join(`\n${' '.repeat(legendIndent)}`)}\n`;
  });
  return chalk.dim(lines.join(''));
}

/** `45s`, `12m`, `7h`, `3d`: one unit, rounded down. */
function ageOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** `512 B`, `1.4 kB`, `23 MB`, in powers of 1000; `-` where nothing was measured. */
function sizeOf(bytes: number, connections = 1): string {
  if (connections === 0) return '-';
  if (bytes < 1000) return `${bytes} B`;
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < 3) {
    size /= 1000;
    unit += 1;
  }
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${['kB', 'MB', 'GB', 'TB'][unit]}`;
}
