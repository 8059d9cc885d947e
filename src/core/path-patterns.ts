import { remember } from './remember.js';

/** Patterns in the way of .gitignore, for paths below the folder that they are written for. */
export interface PathPatterns {
  /** What the last pattern that matches says; undefined where none does. Paths are '/'-separated, without a leading one. */
  judge(path: string, isFolder: boolean): 'ignored' | 'kept' | undefined;
}

interface Pattern {
  readonly segments: readonly string[];
  readonly isNegated: boolean;
  readonly foldersOnly: boolean;
  /** What a path's last name begins and ends with, where the pattern matches it. */
  readonly start: string;
  readonly end: string;
}

/** What is longer is nobody's pattern but an attack on whoever compares it. */
const longestPattern = 500;
const mostPatterns = 5000;

/**
 * Comparisons that one set of patterns may cost: a regular expression made of a hostile pattern would run for hours.
 * After that nothing is ignored any more.
 */
const mostSteps = 20_000_000;

/** Reads the lines of a .gitignore. Never throws; what is no pattern is left out. */
export function readPatterns(lines: readonly string[]): PathPatterns {
  return judgeBy(parsePatterns(lines));
}

/** The same for the text of a file. Repositories of a kind have the same one. */
export function readIgnoreFile(text: string): PathPatterns {
  return judgeBy(parseText(text));
}

const parseText = remember((text) => parsePatterns(text.split('\n')));

function parsePatterns(lines: readonly string[]): readonly Pattern[] {
  return lines.slice(0, mostPatterns).flatMap((line) => readPattern(line) ?? []);
}

function judgeBy(patterns: readonly Pattern[]): PathPatterns {
  const budget = { steps: mostSteps };
  return {
    judge(path, isFolder) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      let segments: readonly string[] | undefined;
      for (let at = patterns.length - 1; at >= 0; at -= 1) {
        const pattern = patterns[at];
        budget.steps -= 1;
        if (budget.steps <= 0) return undefined;
        if (!pattern || (pattern.foldersOnly && !isFolder)) continue;
        // Most patterns are about other names: that is seen at once.
        if (!name.startsWith(pattern.start) || !name.endsWith(pattern.end)) continue;
        segments ??= path.split('/');
        if (!matchSegments(pattern.segments, segments, budget)) continue;
        return budget.steps <= 0 ? undefined : pattern.isNegated ? 'kept' : 'ignored';
      }
      return undefined;
    },
  };
}

/** Whether a file, or a folder that it is in, is what the patterns name. */
export function coversFile(patterns: PathPatterns, path: string): boolean {
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
    if (patterns.judge(path.slice(0, at), true) === 'ignored') return true;
  return patterns.judge(path, false) === 'ignored';
}

function readPattern(line: string): Pattern | undefined {
  let text = trimEnd(line);
  if (text === '' || text.startsWith('#') || text.length > longestPattern) return undefined;
  const isNegated = text.startsWith('!');
  if (isNegated) text = text.slice(1);
  const foldersOnly = text.endsWith('/');
  if (foldersOnly) text = text.slice(0, -1);
  const isAnchored = text.includes('/');
  const segments = text.replace(/^\//, '').split('/');
  if (segments.includes('')) return undefined;
  if (!isAnchored) segments.unshift('**');
  // `a/**` is what is in a, not a itself.
  if (segments.length > 1 && segments.at(-1) === '**') segments.splice(-1, 0, '*');
  const last = segments.at(-1) ?? '';
  const [start = ''] = /^[^*?[\\]*/.exec(last) ?? [];
  const [end = ''] = /[^*?[\]\\]*$/.exec(last) ?? [];
  return { segments, isNegated, foldersOnly, start, end };
}

/** The line without the blanks at its end; one counts where a backslash stands before it. */
function trimEnd(line: string): string {
  const end = line.endsWith('\r') ? line.length - 1 : line.length;
  let blanks = end;
  while (blanks > 0 && line[blanks - 1] === ' ') blanks -= 1;
  let slashes = blanks;
  while (slashes > 0 && line[slashes - 1] === '\\') slashes -= 1;
  return line.slice(0, blanks < end && (blanks - slashes) % 2 === 1 ? blanks + 1 : blanks);
}

interface Budget {
  steps: number;
}

/** Compares lists of names, where `**` stands for any number of names: back to the last one when a name differs. */
function matchSegments(pattern: readonly string[], path: readonly string[], budget: Budget): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < path.length) {
    if (budget.steps <= 0) return false;
    const segment = pattern[at];
    if (segment === '**') {
      star = at;
      at += 1;
      resume = index;
    } else if (segment !== undefined && matchName(segment, path[index] ?? '', budget)) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      index = resume;
    } else return false;
  }
  while (pattern[at] === '**') at += 1;
  return at === pattern.length;
}

/** Compares one name, in the same way with `*`. */
function matchName(pattern: string, name: string, budget: Budget): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < name.length) {
    budget.steps -= 1;
    if (budget.steps <= 0) return false;
    if (pattern[at] === '*') {
      star = at;
      at += 1;
      resume = index;
      continue;
    }
    const length = matchSign(pattern, at, name[index] ?? '');
    if (length > 0) {
      at += length;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      index = resume;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** How much of the pattern stands for this character; 0 where it does not. */
function matchSign(pattern: string, at: number, sign: string): number {
  const first = pattern[at];
  if (first === undefined) return 0;
  if (first === '?') return 1;
  if (first === '\\') return pattern[at + 1] === sign ? 2 : 0;
  if (first !== '[') return first === sign ? 1 : 0;
  const group = readGroup(pattern, at);
  if (!group) return 0;
  return group.has(sign) ? group.length : 0;
}

const classes: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /\d/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /\s/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[\dA-Fa-f]/,
};

/** A set of characters, `[a-z]`; undefined where the bracket is not closed, which matches nothing, as in git. */
function readGroup(pattern: string, start: number) {
  let at = start + 1;
  const isNegated = pattern[at] === '!' || pattern[at] === '^';
  if (isNegated) at += 1;
  const tests: ((sign: string) => boolean)[] = [];
  for (let isFirst = true; isFirst || pattern[at] !== ']'; isFirst = false) {
    if (at >= pattern.length) return undefined;
    const [whole = '', name = ''] = /^\[:([a-z]{1,10}):\]/.exec(pattern.slice(at, at + 16)) ?? [];
    const known = classes[name];
    if (known) {
      tests.push((sign) => known.test(sign));
      at += whole.length;
      continue;
    }
    if (pattern[at] === '\\') at += 1;
    const low = pattern[at] ?? '';
    at += 1;
    let high = low;
    if (pattern[at] === '-' && pattern[at + 1] !== undefined && pattern[at + 1] !== ']') {
      at += pattern[at + 1] === '\\' ? 2 : 1;
      high = pattern[at] ?? '';
      at += 1;
    }
    tests.push((sign) => low <= sign && sign <= high);
  }
  return {
    length: at + 1 - start,
    has: (sign: string) => tests.some((test) => test(sign)) !== isNegated,
  };
}
