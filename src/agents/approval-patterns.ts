import { type Breadth, breadthOf } from './shell-breadth.js';

/** Alternatives of one group beyond these are not tried: a list by hand is shorter. */
const mostAlternatives = 50;

/**
 * How much a key of VS Code's `chat.tools.terminal.autoApprove` lets through: the beginning of a command, or a regular
 * expression between slashes. The expression is read, never run.
 */
export function approvalBreadth(key: string): Breadth | undefined {
  const source = /^\/(.*)\/[a-z]*$/s.exec(key.trim())?.[1];
  if (source === undefined) return key.trim() === '' ? undefined : breadthOf(`${key.trim()} *`);
  const all = globsOf(source).flatMap((pattern) => breadthOf(pattern) ?? []);
  return all.find(({ level }) => level !== 'builder') ?? all[0];
}

/** What an expression matches as patterns with `*`, at least: text behind the first thing that is not plain is free. */
function globsOf(source: string): readonly string[] {
  const anchored = source.replace(/^(?:\\b|\^|\\s\*)+/, '');
  const group = /(?<!\\)\((?:\?:)?([^()[\]]*)\)/.exec(anchored);
  if (!group) return [globOf(anchored)];
  const before = anchored.slice(0, group.index);
  const behind = anchored.slice(group.index + group[0].length);
  return (group[1] ?? '')
    .split('|')
    .slice(0, mostAlternatives)
    .map((alternative) => globOf(before + alternative + behind));
}

function globOf(source: string): string {
  let text = '';
  for (let at = 0; at < source.length; at += 1) {
    const unit = source[at] ?? '';
    const escaped = source[at + 1] ?? '';
    if (unit === '$' && at === source.length - 1) return text;
    if (unit === '\\' && /[bsS.\-/_ ]/.test(escaped)) {
      at += 1;
      if (escaped === 's') {
        text += ' ';
        if (/[+*]/.test(source[at + 1] ?? '')) at += 1;
      } else if (escaped !== 'b') text += escaped;
    } else if (/[\w\s\-/=:@,'"~%]/.test(unit) && !/[?*+{]/.test(escaped)) text += unit;
    else return `${text}*`;
  }
  return `${text} *`;
}
