import type { Edit } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { linesToDelete } from '../documents/allowlist.js';
import { removeNodes } from '../documents/json-edits.js';
import { type AllowEntry, type ListEntry, subjectOf } from './allow-entry.js';
import type { PolicyDocument, PolicyEntry } from './policy-document.js';

/** Entries about the same host or range, by its name. */
export function groupBySubject<T extends Pick<AllowEntry, 'target'>>(
  entries: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const subject = subjectOf(entry);
    if (subject === undefined) continue;
    const same = groups.get(subject);
    if (same) same.push(entry);
    else groups.set(subject, [entry]);
  }
  return groups;
}

/** Ports by host, from openings of the form `HOST PORT`. */
export function groupPorts(openings: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const opening of openings) {
    const [host = '', port = ''] = opening.split(' ');
    const same = groups.get(host);
    if (same) same.push(port);
    else groups.set(host, [port]);
  }
  return groups;
}

/** How entries go out of the policy, and of its lines those that nothing else asks for. */
export function removerFor(
  policy: PolicyDocument,
  lines: ReadonlyMap<string, readonly ListEntry[]>,
  presetPorts: ReadonlyMap<string, readonly string[]>,
): (entry: PolicyEntry) => Pick<AllowEntry, 'remove' | 'removeAlone'> {
  const entries = groupBySubject(policy.allow);
  const removeAll = (doomed: readonly PolicyEntry[]): readonly Edit[] => {
    const edits = removeNodes(
      policy.document,
      doomed.map(({ element }) => element),
    );
    const subject = doomed[0] && subjectOf(doomed[0]);
    if (edits.length === 0 || subject === undefined) return edits;
    const left = (entries.get(subject) ?? []).filter((entry) => !doomed.includes(entry));
    const rest = {
      ports: new Set([...(presetPorts.get(subject) ?? []), ...left.flatMap(({ ports = [] }) => ports)]),
      isPrivate: left.some(({ isPrivate }) => isPrivate),
    };
    return [...edits, ...shrinkLines(lines.get(subject) ?? [], subject, rest)];
  };
  return (entry) => {
    const subject = subjectOf(entry);
    const same = (subject === undefined ? undefined : entries.get(subject)) ?? [entry];
    return { remove: () => removeAll(same), removeAlone: () => removeAll([entry]) };
  };
}

interface Rest {
  readonly ports: ReadonlySet<string>;
  readonly isPrivate: boolean;
}

/** How a line that the policy does not explain goes: what the policy asks for stays open, whoever wrote the line. */
export function removeLine(
  line: ListEntry,
  lines: ReadonlyMap<string, readonly ListEntry[]>,
  declaredPorts: ReadonlyMap<string, readonly string[]>,
): readonly Edit[] {
  const subject = subjectOf(line) ?? '';
  const ports = declaredPorts.get(subject);
  if (!ports) return line.remove();
  return shrinkLines(lines.get(subject) ?? [], subject, { ports: new Set(ports), isPrivate: line.isPrivate });
}

/** Leaves of a host's lines what opens these ports; where a line has opened more, the rest takes its place. */
function shrinkLines(lines: readonly ListEntry[], subject: string, { ports, isPrivate }: Rest): Edit[] {
  const isKept = (line: ListEntry) => line.ports?.every((port) => ports.has(port));
  const kept = new Set(lines.filter(isKept).flatMap((line) => line.ports ?? []));
  const lost = [...ports].filter((port) => !kept.has(port));
  const [first, ...others] = lines.filter((line) => !isKept(line));
  if (!first) return [];
  if (lost.length === 0) return deleteRuns([first, ...others]);
  const text = lost.map((port) => `${subject}:${port}${isPrivate ? ' private' : ''}`).join('\n');
  return [{ file: first.place.file.path, at: first.place.at, text }, ...deleteRuns(others)];
}

/** One edit for lines that follow each other, so that their common comment goes with them. */
function deleteRuns(lines: readonly ListEntry[]): Edit[] {
  const runs: { file: SourceFile; first: number; last: number }[] = [];
  for (const { line, place } of lines) {
    const run = runs.at(-1);
    if (run?.last === line - 1) run.last = line;
    else runs.push({ file: place.file, first: line, last: line });
  }
  return runs.map(({ file, first, last }) => ({
    file: file.path,
    at: linesToDelete(file, first, last),
    text: '',
  }));
}
