import type { ParsedScript, Redirection, SyntaxNode, Word } from 'unbash';
import type { Span } from '../core/text.js';
import { readEntry } from './allow-target.js';
import { flatParts } from './shell-commands.js';
import { loadShellParser, unlessTooDeep } from './shell-tree.js';

/** A word of a script that names what its firewall lets out. */
export interface ListedWord {
  readonly text: string;
  /** With its quotes. */
  readonly at: Span;
  /** The stretch to delete, so that the rest of the list stays as it is; undefined where a command would lack an argument. */
  readonly removal: Span | undefined;
}

type Visit = (node: SyntaxNode, callback: (child: SyntaxNode) => void) => void;

type Words = readonly Pick<ListedWord, 'text' | 'at'>[];

interface List {
  /** Of the variable that holds it; '' where none does. */
  readonly name: string;
  readonly words: Words;
  /** What is done with each word, as text; undefined where only the name tells. */
  readonly use: string | undefined;
  /** The words are arguments of a command. */
  readonly isCall?: boolean;
}

/**
 * Reads the lists of hosts and ranges that a firewall script lets out: arrays, the words of loops, texts of several words, here-documents,
 * and names that are looked up one by one. Lists that are refused or only tried are not among them. Never throws.
 */
export async function loadListReader(): Promise<(text: string) => ListedWord[][]> {
  const [parse, { forEachChild }] = await Promise.all([loadShellParser(), import('unbash')]);
  return (text) => {
    const script = parse(text);
    return (script && unlessTooDeep(() => findLists(text, script, forEachChild))) ?? [];
  };
}

function findLists(text: string, script: ParsedScript, visit: Visit): ListedWord[][] {
  const found: List[] = [];
  /** Variables with loops over their words, and whether one of those lets the words out. */
  const uses = new Map<string, boolean>();
  const walk = (node: SyntaxNode): void => {
    // An escaped backtick script has offsets of its own.
    if (node.type === 'Script' && node.source !== undefined && node !== script) return;
    found.push(...readNode(node, text));
    if (node.type === 'For')
      for (const name of namesIn(node.wordlist ?? []))
        uses.set(name, uses.get(name) === true || opens(useOf(node.body, text), name));
    visit(node, walk);
  };
  walk(script);
  const isOpened = ({ name, words, use }: List) =>
    !deniedName.test(name) &&
    words.length > 0 &&
    (use === undefined ? (uses.get(name) ?? allowedName.test(name)) : opens(use, name));
  return found.filter(isOpened).map(({ words, isCall }) =>
    words.map((word, index) => ({
      ...word,
      removal: isCall
        ? undefined
        : removalOf(word.at, text, words[index - 1]?.at.end, words[index + 1]?.at.start),
    })),
  );
}

/** Of what is done with words no more than this is looked at. */
const longestUse = 4000;

function useOf({ pos, end }: { readonly pos: number; readonly end: number }, text: string): string {
  return text.slice(pos, Math.min(end, pos + longestUse));
}

const deniedName =
  /den(?:y|ied)|block|black|forbid|reject|drop|disallow|exclu|private|rfc_?1918|metadata|bad|evil|test|verif|check|probe/i;
const allowedName = /allow|white|permit|trust|egress|domain|host|fqdn/i;
const accepting = /-j\s+ACCEPT\b|\bufw\s+allow\b|allow|permit|white/i;
const refusing =
  /-j\s+(?:DROP|REJECT)\b|\b(?:ipset|nft)\s[^\n]{0,200}(?:den[yi]|block|black|reject)|\b(?:block|deny|reject|drop)_\w/i;
const setting = /\bipset\s|\bnft\s+add\b|dnsmasq|squid/i;
const lookup = /\b(?:dig|getent|nslookup|resolve\w*|host)\b/;
const trying = /\b(?:curl|wget|ping|nc|telnet)\b/;

/** Whether what is done with words lets them out; a look-up alone says so, unless they are only tried. */
function opens(use: string, name: string): boolean {
  if (accepting.test(use)) return true;
  if (refusing.test(use)) return false;
  return setting.test(use) || (!trying.test(use) && (lookup.test(use) || allowedName.test(name)));
}

/** Endings of files that are no domains. */
const fileName =
  /\.(?:conf|cfg|ini|json|jsonc|txt|log|pid|sock|service|lists?|ya?ml|toml|lock|tmp|bak|gz|rules|save|html?)$/;

function isHost({ text }: { readonly text: string }): boolean {
  const { target, flaws } = readEntry(text);
  if (target.kind === 'addresses') return true;
  if (target.kind === 'everything') return true;
  if (target.kind !== 'name' || flaws.some((flaw) => flaw !== 'star' && flaw !== 'upper-case')) return false;
  return /^\.?[^.]+\../.test(target.host) && !fileName.test(target.host);
}

function readNode(node: SyntaxNode, text: string): List[] {
  switch (node.type) {
    case 'Assignment': {
      const { name, value } = node;
      const words = value.type === 'ArrayValue' ? value.elements.flatMap(plainWord) : splitWord(value);
      const lookups = value.type === 'Word' ? lookedUp(value) : [];
      return [...listOf(name, words, undefined), ...callOf(name, lookups, 'dig')];
    }
    case 'For': {
      const wordlist = node.wordlist ?? [];
      const use = useOf(node.body, text);
      return [
        ...listOf('', wordlist.flatMap(splitWord), use),
        ...callOf('', wordlist.flatMap(lookedUp), use),
      ];
    }
    case 'Command': {
      const name = node.name?.value ?? '';
      const args = node.args.flatMap((arg) => (arg.type === 'Word' ? plainWord(arg) : []));
      return [
        ...(caller.test(name) ? callOf(name, args, undefined) : []),
        ...heredocs(node.redirects, useOf(node, text), text),
      ];
    }
    case 'Redirected':
      return heredocs(node.redirects, useOf(node.command, text), text);
    default:
      return [];
  }
}

/** Functions of scripts that open the hosts they are given. */
const caller = /allow|permit|white|add_?\w*(?:domain|host)/i;

/** Words of which half are no hosts are a list of something else. */
function listOf(name: string, words: Words, use: string | undefined): List[] {
  const hosts = words.filter(isHost);
  return hosts.length * 2 > words.length ? [{ name, words: hosts, use }] : [];
}

function callOf(name: string, words: Words, use: string | undefined): List[] {
  return listOf(name, words, use).map((list) => ({ ...list, isCall: true }));
}

/** A word without anything that the shell would put in its place; none otherwise. */
function plainWord(word: Word): Words {
  const inner = word.text.replace(/^(["'])(.*)\1$/s, '$2');
  return inner === word.value && !/[$`\\]/.test(inner) && inner !== ''
    ? [{ text: inner, at: { start: word.pos, end: word.end } }]
    : [];
}

/** The words of a quoted text, each where it stands. */
function splitWord(word: Word): Words {
  const [plain] = plainWord(word);
  if (!plain || !/\s/.test(plain.text)) return plain ? [plain] : [];
  return wordsIn(plain.text, word.pos + 1);
}

function wordsIn(text: string, offset: number): Words {
  return Array.from(text.matchAll(/\S+/g), ({ 0: found, index }) => ({
    text: found,
    at: { start: offset + index, end: offset + index + found.length },
  }));
}

/** Names that are looked up by the commands whose output stands in a word. */
function lookedUp(word: Word): Words {
  return flatParts(word).flatMap((part) => {
    if (part.type !== 'CommandExpansion' || part.script?.source !== undefined) return [];
    return (part.script?.commands ?? []).flatMap(({ command }) => {
      const first = command.type === 'Pipeline' ? command.commands[0] : command;
      if (first?.type !== 'Command' || !/^(?:dig|getent|host|nslookup)$/.test(first.name?.value ?? ''))
        return [];
      const args = first.args.flatMap((arg) => (arg.type === 'Word' ? plainWord(arg) : []));
      return args.filter(isHost).slice(0, 1);
    });
  });
}

function heredocs(redirects: readonly Redirection[], use: string, text: string): List[] {
  return redirects.flatMap((redirect) => {
    if (redirect.type !== 'HereDoc') return [];
    const { pos, end } = redirect.body;
    const lines = text.slice(pos, end).replace(/#[^\n]*/g, (comment) => ' '.repeat(comment.length));
    return listOf('', wordsIn(lines, pos), use);
  });
}

function namesIn(words: readonly Word[]): string[] {
  return words.flatMap(({ text }) => Array.from(text.matchAll(/\$\{?(\w+)/g), ([, name = '']) => name));
}

const restOfLine = /[ \t]*(\\[ \t]*|#.*)?\r?(?:\n|$)/y;

/** A word that is alone on its line goes with the line and the comment behind it. */
function removalOf(at: Span, text: string, before: number | undefined, after: number | undefined): Span {
  let start = at.start;
  while (start > 0 && /[ \t]/.test(text[start - 1] ?? '')) start -= 1;
  restOfLine.lastIndex = at.end;
  const rest = start === 0 || text[start - 1] === '\n' ? restOfLine.exec(text) : null;
  // Without its own backslash the one before would join what follows.
  if (rest && (rest[1]?.startsWith('\\') || !/\\\r?\n$/.test(text.slice(Math.max(0, start - 3), start))))
    return { start, end: at.end + rest[0].length };
  const isBlank = (from: number, to: number) => /^(?:\s|\\\r?\n)*$/.test(text.slice(from, to));
  if (before !== undefined && isBlank(before, at.start)) return { start: before, end: at.end };
  return after !== undefined && isBlank(at.end, after) ? { start: at.start, end: after } : at;
}
