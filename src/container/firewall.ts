import { Attached } from '../core/attached.js';
import { remember } from '../core/remember.js';
import type { Place, SourceFile } from '../core/text.js';
import { lastInstruction } from '../documents/dockerfile-stages.js';
import { member } from '../documents/json.js';
import type { Declared, LifecycleCommand } from './container.js';
import type { Source } from './declare.js';
import type { Build } from './dockerfile-build.js';
import type { ScriptSearch } from './project-scripts.js';
import { withoutComments } from './simple-commands.js';

/** How far scripts that call each other are followed. */
const deepest = 3;

/** A script that names more files than these is data. */
const mostNames = 200;

interface Search {
  readonly scripts: ScriptSearch;
  readonly seen: Set<string>;
}

/**
 * Where a packet filter is set up by something that really runs: a lifecycle command inside the container, or the
 * ENTRYPOINT of the image or the compose service where `overrideCommand` keeps it. The scripts that are named there are read, not run.
 */
export function findFirewall(
  source: Source,
  lifecycle: readonly Declared<LifecycleCommand>[],
  build: Build | undefined,
  scripts: ScriptSearch,
  entry: Entry | undefined,
): Place | undefined {
  if (!build && !entry && lifecycle.length === 0) return undefined;
  const search: Search = { scripts, seen: new Set() };
  const image = keepsEntry(source) ? findInEntry(build, search, entry) : undefined;
  if (image) return image;
  return lifecycle.find(({ value }) => {
    // The host's own packet filter holds nothing inside the container.
    if (value.hook === 'initializeCommand') return false;
    return setsFirewall(readCode(value.script ?? value.argv?.join(' ') ?? ''), search, deepest);
  })?.place;
}

/** What a compose service starts with, where its file says it. */
export interface Entry {
  readonly words: readonly string[];
  readonly place: Place;
}

/** Where the container would start with one, and `overrideCommand` puts another command in its place. */
export function findIdleFirewall(
  source: Source,
  build: Build | undefined,
  scripts: ScriptSearch,
  entry: Entry | undefined,
): Place | undefined {
  if ((!build && !entry) || keepsEntry(source)) return undefined;
  return findInEntry(build, { scripts, seen: new Set() }, entry);
}

/** Without a word about it compose keeps the command, and the other ways replace it. */
function keepsEntry({ document, compose }: Source): boolean {
  const override = member(document.root, 'overrideCommand')?.value.value;
  return compose ? override !== true : override === false;
}

function findInEntry(build: Build | undefined, search: Search, entry: Entry | undefined): Place | undefined {
  if (entry && setsFirewall(readCode(entry.words.join(' ')), search, deepest)) return entry.place;
  if (!build) return undefined;
  for (const keyword of ['ENTRYPOINT', 'CMD']) {
    const instruction = lastInstruction(build.chain, keyword);
    const text = instruction?.words.map((word) => word.text).join(' ') ?? '';
    if (instruction && setsFirewall(readCode(text), search, deepest))
      return { file: build.file, at: instruction.at };
  }
  return undefined;
}

/** A packet filter's program, and what in the same command says that it adds a rule or a policy. */
const filters: readonly (readonly [RegExp, RegExp])[] = [
  [/(?:^|[\s/("'`])ip6?tables(?:-legacy|-nft)?(?=\s)/, /\s(?:-[AIP]|--(?:append|insert|policy))\b/],
  [/(?:^|[\s/("'`])ip6?tables(?:-legacy|-nft)?-restore\b/, /^/],
  [/(?:^|[\s/("'`])nft\s/, /\s(?:-f|add|insert|-)(?=\s|$)/],
  [/(?:^|[\s/("'`])ipset\s/, /\s(?:create|add|restore)\b/],
  [/(?:^|[\s/("'`])ufw\s/, /\s(?:enable|default|allow|deny|reject)\b/],
  [/(?:^|[\s/("'`])firewall-cmd\s/, /\s--/],
];
const tellingName =
  /(?:^|\/)[\w.-]*(?:firewall|iptables|egress-(?:filter|rules|policy)|lockdown-network)[\w.-]*$/i;

function setsFirewall(code: Code, search: Search, depth: number): boolean {
  return code.isFilter || scriptNames(code, search).some((name) => followScript(name, search, depth));
}

/** What of a script's text tells of packet filters. */
interface Code {
  readonly isFilter: boolean;
  /** That may name something. */
  readonly words: readonly string[];
  /** Those of them that look like a path, or have a script's ending. */
  readonly paths: readonly string[];
}

const readCode = remember((text: string): Code => {
  const code = withoutComments(text);
  const isFilter = code
    .split(/[\n;&|]/)
    .some((command) => filters.some(([program, says]) => program.test(command) && says.test(command)));
  const split = code.split(/[\s;&|()<>`"'=]+/).filter((word) => word !== '' && !/^-|:\/\//.test(word));
  const words = [...new Set(split)];
  return { isFilter, words, paths: words.filter(isPath) };
});

function isPath(word: string): boolean {
  return word.includes('/') || /\.(?:sh|bash|zsh|py)$/.test(word);
}

// A fix lints the same scripts again after each step.
const known = new Attached<SourceFile, Code>();

function codeOf(file: SourceFile): Code {
  const code = known.get(file) ?? readCode(file.text);
  known.set(file, code);
  return code;
}

/** Words that may name a script: paths, names with a script's ending, and names that were copied into the image. */
function scriptNames({ words, paths }: Code, { scripts: { copied } }: Search): readonly string[] {
  const named = copied.size === 0 ? paths : words.filter((word) => copied.has(word) || isPath(word));
  return named.length > mostNames ? named.slice(0, mostNames) : named;
}

function followScript(name: string, search: Search, depth: number): boolean {
  const files = search.scripts.find(name);
  for (const file of files) {
    if (search.seen.has(file.path)) continue;
    search.seen.add(file.path);
    if (depth > 0 && setsFirewall(codeOf(file), search, depth - 1)) return true;
  }
  // A script that is not in the project is known by its name alone; a tool of the system is none.
  return files.length === 0 && tellingName.test(name) && !/^\/usr\/s?bin\/|^\/s?bin\//.test(name);
}
