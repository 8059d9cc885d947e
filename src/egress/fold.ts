import { type EgressEntry, triesOf } from './tally.js';

/** One row for people: an entry, or many names below one domain. */
export interface EgressRow extends EgressEntry {
  /** How many names it stands for. */
  readonly names: number;
}

/** More names than this below one domain are one row: data carried out in names is thousands of them. */
const mostBelow = 10;
/** Tools look addresses up backwards without anybody asking for it. */
const reverse = ['in-addr.arpa', 'ip6.arpa'];

/** Entries of one verdict with crowds of names drawn together as `*.example.com`, the most frequent first. */
export function foldEntries(entries: readonly EgressEntry[]): EgressRow[] {
  const groups = new Map<string, EgressEntry[]>();
  for (const entry of entries) {
    const key = domainOf(entry.name) ?? `/${groups.size}`;
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  const rows = Array.from(groups, ([domain, group]): EgressRow[] => {
    const most = reverse.includes(domain) ? 1 : mostBelow;
    return group.length > most
      ? [foldGroup(`*.${domain}`, group)]
      : group.map((entry) => ({ ...entry, names: 1 }));
  });
  return rows.flat().sort((a, b) => triesOf(b) - triesOf(a) || b.last - a.last);
}

/** The last two labels, which is good enough to tell a crowd; undefined for addresses and single labels. */
function domainOf(name: string | undefined): string | undefined {
  const dot = name?.lastIndexOf('.') ?? -1;
  if (!name || dot < 1 || /^\d*$/.test(name.slice(dot + 1))) return undefined;
  return name.slice(name.lastIndexOf('.', dot - 1) + 1);
}

function foldGroup(name: string, group: readonly EgressEntry[]): EgressRow {
  const [first, ...others] = group.map((entry): EgressRow => ({ ...entry, name, names: 1 }));
  if (!first) throw new Error('a group has an entry');
  return others.reduce(addRows, first);
}

function addRows(sum: EgressRow, row: EgressRow): EgressRow {
  const causes = new Map(sum.causes);
  for (const [cause, count] of row.causes) causes.set(cause, (causes.get(cause) ?? 0) + count);
  return {
    ...sum,
    names: sum.names + row.names,
    causes,
    isListed: sum.isListed && row.isListed,
    ports: [...new Set([...sum.ports, ...row.ports])].sort((a, b) => a - b),
    lookups: sum.lookups + row.lookups,
    connections: sum.connections + row.connections,
    up: sum.up + row.up,
    down: sum.down + row.down,
    first: Math.min(sum.first, row.first),
    last: Math.max(sum.last, row.last),
  };
}
