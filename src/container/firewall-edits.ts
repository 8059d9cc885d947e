import type { Edit } from '../core/rule.js';
import type { Place } from '../core/text.js';
import type { Firewall } from './firewall-names.js';
import type { Step } from './firewall-step.js';

/** The whole lines of a command that stands alone on them. */
interface Lines {
  readonly start: number;
  /** Behind the line's end. */
  readonly end: number;
  readonly indent: string;
}

/** How far to look for a line's ends: a hostile line may be megabytes long. */
const farthest = 2000;

function linesOf({ file: { text }, at }: Place): Lines | undefined {
  const start = text.lastIndexOf('\n', at.start - 1) + 1;
  const next = text.indexOf('\n', at.end);
  const end = next < 0 ? text.length : next + 1;
  if (at.start - start > farthest || end - at.end > farthest) return undefined;
  const before = text.slice(start, at.start);
  const isAlone = before.trim() === '' && /^[ \t\r]*(?:#[^\n]*)?\n?$/.test(text.slice(at.end, end));
  return isAlone ? { start, end, indent: before } : undefined;
}

/** Edits that put lines before or behind a step's command; none where it does not stand alone. */
export function insertLines(
  { isInline }: Firewall,
  { command }: Step,
  where: 'before' | 'after',
  lines: readonly string[],
): readonly Edit[] {
  const own = isInline ? undefined : linesOf(command);
  if (!own) return [];
  const { text, path } = command.file;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const block = lines.map((line) => (line === '' ? '' : own.indent + line)).join(lineEnd);
  const at = where === 'before' ? own.start : own.end;
  const isUnended = where === 'after' && at > 0 && text[at - 1] !== '\n';
  const inserted = isUnended ? lineEnd + block : block + lineEnd;
  return [{ file: path, at: { start: at, end: at }, text: inserted }];
}

/** Edits that take a step's command out with its line. */
export function removeLines({ isInline }: Firewall, { command, place }: Step): readonly Edit[] {
  const own = isInline ? undefined : linesOf(isLine({ command, place }) ? place : command);
  if (!own) return [];
  const { text, path } = command.file;
  const isUnended = own.end === text.length && !text.endsWith('\n');
  const start = isUnended ? text.slice(0, own.start).replace(/\r?\n$/, '').length : own.start;
  return [{ file: path, at: { start, end: own.end }, text: '' }];
}

/** Whether a step is one line of what a command was given. */
function isLine({ command, place }: Pick<Step, 'command' | 'place'>): boolean {
  return place.at.start !== command.at.start || place.at.end !== command.at.end;
}

/** Edits of the first match of a pattern in the text of a step; none where it has none. */
export function replaceIn(
  { isInline }: Firewall,
  { place }: Step,
  pattern: RegExp,
  replacement: string,
): readonly Edit[] {
  const text = place.file.text.slice(place.at.start, Math.min(place.at.end, place.at.start + farthest));
  const match = isInline ? undefined : pattern.exec(text);
  if (!match) return [];
  const start = place.at.start + match.index;
  return [{ file: place.file.path, at: { start, end: start + match[0].length }, text: replacement }];
}

/** Edits that put lines behind the script's head: its first line, comments and `set` lines. */
export function insertAtHead({ isInline, model }: Firewall, lines: readonly string[]): readonly Edit[] {
  const { text, path } = model.file;
  if (isInline) return [];
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  let at = 0;
  for (let from = 0, count = 0; from < text.length && count < 60; count++) {
    const next = text.indexOf('\n', from);
    const end = next < 0 ? text.length : next + 1;
    const line = text.slice(from, Math.min(end, from + farthest));
    if (from > 0 && !/^(?:\s*(?:#|$)|set\s|IFS=|export\s)/.test(line)) break;
    if (from === 0 ? line.startsWith('#!') : /^set\s/.test(line)) at = end;
    from = end;
  }
  const isUnended = at > 0 && text[at - 1] !== '\n';
  const block = lines.join(lineEnd);
  return [{ file: path, at: { start: at, end: at }, text: isUnended ? lineEnd + block : block + lineEnd }];
}

/** Edits that put lines at the script's end. */
export function appendLines({ isInline, model }: Firewall, lines: readonly string[]): readonly Edit[] {
  const { text, path } = model.file;
  if (isInline) return [];
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const isEnded = text === '' || text.endsWith('\n');
  const at = { start: text.length, end: text.length };
  const block = lines.join(lineEnd);
  return [{ file: path, at, text: isEnded ? block + lineEnd : lineEnd + block }];
}

/** Edits that put something behind a step's command; none where it does not stand alone on its lines. */
export function appendToCommand({ isInline }: Firewall, { command }: Step, text: string): readonly Edit[] {
  if (isInline || !linesOf(command)) return [];
  const { end } = command.at;
  return [{ file: command.file.path, at: { start: end, end }, text }];
}

/** Commands that let nothing out over IPv6 but to the container itself. */
export const ipv6Block: readonly string[] = [
  'ip6tables -P INPUT DROP',
  'ip6tables -P FORWARD DROP',
  'ip6tables -P OUTPUT DROP',
  'ip6tables -F',
  'ip6tables -A INPUT -i lo -j ACCEPT',
  'ip6tables -A OUTPUT -o lo -j ACCEPT',
];
