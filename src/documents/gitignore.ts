import type { SourceFile, Span } from '../core/text.js';

/** One line of an ignore file in the syntax of Git. */
export interface IgnoreRule {
  /** Without `!`, and without the slashes that anchor it or mean a folder. */
  readonly pattern: string;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** It holds for paths from the file's own folder; any other for names at every depth. */
  readonly anchored: boolean;
  readonly at: Span;
}

/** Lines beyond these are not looked at: every path is compared with each. */
const mostRules = 5_000;

export function parseGitignore({ text }: SourceFile): readonly IgnoreRule[] {
  const rules: IgnoreRule[] = [];
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    if (rules.length >= mostRules) break;
    const start = index === 0 && line.startsWith('\uFEFF') ? 1 : 0;
    const kept = line.slice(start).replace(/(?<!\\) +$/, '');
    if (kept === '' || kept.startsWith('#')) continue;
    const negated = kept.startsWith('!');
    const body = kept.slice(negated ? 1 : 0).replace(/^\\(?=[#!])/, '');
    const foldersOnly = body.endsWith('/');
    const bare = foldersOnly ? body.slice(0, -1) : body;
    const pattern = bare.replace(/^\//, '');
    if (pattern === '') continue;
    const at = { start: index + start, end: index + line.length };
    rules.push({ pattern, negated, foldersOnly, anchored: bare.includes('/'), at });
  }
  return rules;
}

/**
 * The rule that decides about a path below the file's folder: the last that matches it, or one that takes in a folder
 * above it, from where nothing comes back. Undefined where none does; its `negated` says that it is not ignored.
 */
export function decidingRule(rules: readonly IgnoreRule[], path: string): IgnoreRule | undefined {
  const steps = path.split('/');
  for (let depth = 1; depth < steps.length; depth += 1) {
    const rule = lastMatch(rules, steps.slice(0, depth), true);
    if (rule && !rule.negated) return rule;
  }
  return lastMatch(rules, steps, false);
}

function lastMatch(
  rules: readonly IgnoreRule[],
  steps: readonly string[],
  isFolder: boolean,
): IgnoreRule | undefined {
  return rules.findLast(
    ({ pattern, foldersOnly, anchored }) =>
      (isFolder || !foldersOnly) &&
      (anchored ? matchesSteps(pattern.split('/'), steps) : matchesName(pattern, steps.at(-1) ?? '')),
  );
}

/** Whether a pattern with `**`, as an ignore file or an agent's permission has it, matches a path. */
export function matchesPath(pattern: string, path: string): boolean {
  return matchesSteps(pattern.split('/'), path.split('/'));
}

/** In the time of one table: what stands in a repository must not make the search try every combination. */
function matchesSteps(pattern: readonly string[], steps: readonly string[]): boolean {
  let reached = new Set([0]);
  for (const [index, segment] of pattern.entries()) {
    const next = new Set<number>();
    if (segment === '**') {
      // At the end it stands for something, elsewhere for nothing too.
      const least = Math.min(...reached) + (index === pattern.length - 1 ? 1 : 0);
      for (let to = least; to <= steps.length; to += 1) next.add(to);
    } else
      for (const at of reached)
        if (at < steps.length && matchesName(segment, steps[at] ?? '')) next.add(at + 1);
    reached = next;
  }
  return reached.has(steps.length);
}

/** `*`, `?` and `[…]` within one name. Goes back to the last star only, so the time is at most their product. */
export function matchesName(pattern: string, name: string): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let from = 0;
  while (position < name.length) {
    const step =
      at < pattern.length && pattern[at] !== '*' ? matchOne(pattern, at, name[position] ?? '') : undefined;
    if (pattern[at] === '*') {
      star = at;
      from = position;
      at += 1;
    } else if (step !== undefined) {
      at = step;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      from += 1;
      position = from;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** Where the pattern goes on behind what matches one character; undefined where it does not match. */
function matchOne(pattern: string, at: number, character: string): number | undefined {
  const sign = pattern[at];
  if (sign === '?') return at + 1;
  if (sign === '\\') return pattern[at + 1] === character ? at + 2 : undefined;
  const end = sign === '[' ? pattern.indexOf(']', at + 2) : -1;
  if (end < 0) return sign === character ? at + 1 : undefined;
  const body = pattern.slice(at + 1, end);
  const isNegated = /^[!^]/.test(body);
  return isInClass(isNegated ? body.slice(1) : body, character) === isNegated ? undefined : end + 1;
}

function isInClass(body: string, character: string): boolean {
  for (let at = 0; at < body.length; at += 1) {
    const first = body[at] ?? '';
    const last = body[at + 1] === '-' && at + 2 < body.length ? (body[at + 2] ?? '') : first;
    if (first <= character && character <= last) return true;
    if (last !== first) at += 2;
  }
  return false;
}
