import { longName, nameOfLetter, takesValue } from '../container/run-flags.js';
import { Attached } from '../core/attached.js';
import type { Pin } from '../core/rule.js';
import type { McpServer, McpText } from './mcp-servers.js';

/** What a server's words start in the end, without the programs that only start another one. */
export interface Launch {
  /** Last part of the path, lower case, without `.exe`: `npx`. */
  readonly program: string;
  readonly words: readonly McpText[];
  /** The word that asks for root, where one does. */
  readonly root: McpText | undefined;
}

// Several rules ask about the same server.
const launches = new Attached<readonly McpText[], Launch | undefined>();
const fetches = new Attached<Launch, FetchedCode | undefined>();

/** Undefined for a remote server. */
export function launchOf({ words }: Pick<McpServer, 'words'>): Launch | undefined {
  if (!launches.has(words)) launches.set(words, readLaunch(words));
  return launches.get(words);
}

function readLaunch(words: readonly McpText[]): Launch | undefined {
  let rest = words;
  let root: McpText | undefined;
  for (let depth = 0; depth < 8; depth += 1) {
    const [first, ...others] = rest;
    if (!first) return undefined;
    const program = programName(first.text);
    if (/^(?:sudo|doas)$/.test(program)) root ??= first;
    const next = skipStarter(program, others);
    if (!next) return { program, words: rest, root };
    rest = next;
  }
  return undefined;
}

function programName(text: string): string {
  return (text.split(/[\\/]/).at(-1) ?? text).toLowerCase().replace(/\.(?:exe|cmd|bat)$/, '');
}

/** The words behind a program that only starts another one; undefined for any other program. */
function skipStarter(program: string, words: readonly McpText[]): readonly McpText[] | undefined {
  if (program === 'cmd') {
    const option = words.findIndex(({ text }) => /^\/[ck]$/i.test(text));
    return option < 0 ? undefined : words.slice(option + 1);
  }
  if (/^(?:uv|poetry|pdm|pipenv)$/.test(program) && words[0]?.text === 'run')
    return skipOptions(words.slice(1));
  if (!/^(?:sudo|doas|env|nohup|nice|exec|command|time)$/.test(program)) return undefined;
  const next = words.findIndex(({ text }) => !/^-|^\w+=/.test(text));
  return next < 0 ? undefined : words.slice(next);
}

function skipOptions(words: readonly McpText[]): readonly McpText[] | undefined {
  const first = firstBare(words, runOptions);
  return first && words.slice(words.indexOf(first));
}

/** Options of `uv run` and its like that take the next word. */
const runOptions =
  /^(?:--with|--python|-p|--index|--index-url|--with-editable|--with-requirements|--directory|--project|--env-file|--extra|--group)$/;

/** A package or image that is fetched when the server starts. */
export interface FetchedCode {
  readonly spec: McpText;
  /** The package's name without its version. */
  readonly name: string;
  /** Why the same start may run other code tomorrow; undefined where one version is fixed. */
  readonly unpinned: string | undefined;
  /** Where versions of it can be asked for, and how one is written; undefined where nobody could be asked. */
  readonly release?: Release;
}

export interface Release {
  readonly source: 'npm' | 'pypi' | 'image';
  /** What is written of a version. */
  readonly range: string;
  /** What stands in the word, and what would with one version, or one digest. */
  readonly written: string;
  pinned(pin: Pin): string;
}

type Reader = (words: readonly McpText[]) => FetchedCode | undefined;

const readers: readonly (readonly [program: RegExp, subcommand: readonly string[], read: Reader])[] = [
  [/^(?:npx|bunx|pnpx)$/, [], readNode],
  [/^(?:npm)$/, ['exec'], readNode],
  [/^(?:npm|bun)$/, ['x'], readNode],
  [/^(?:pnpm|yarn)$/, ['dlx'], readNode],
  [/^uvx$/, [], readPython],
  [/^uv$/, ['tool', 'run'], readPython],
  [/^pipx$/, ['run'], readPython],
  [/^(?:docker|podman|nerdctl)$/, ['run'], readImage],
  [/^(?:docker|podman|nerdctl)$/, ['container', 'run'], readImage],
  [/^go$/, ['run'], readGo],
  [/^deno$/, ['run'], readDeno],
];

/** The package or image that a launch fetches; undefined where it runs what is there. */
export function fetchedCode(launch: Launch): FetchedCode | undefined {
  if (!fetches.has(launch)) fetches.set(launch, readFetched(launch));
  return fetches.get(launch);
}

function readFetched({ program, words }: Launch): FetchedCode | undefined {
  const rest = words.slice(1);
  for (const [pattern, subcommand, read] of readers) {
    if (!pattern.test(program) || !subcommand.every((word, index) => rest[index]?.text === word)) continue;
    return read(rest.slice(subcommand.length));
  }
  return undefined;
}

const semver = /^v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;
const commit = /[@#][0-9a-f]{40}(?:$|[?#&])/i;

function readNode(words: readonly McpText[]): FetchedCode | undefined {
  const named = optionValue(words, /^(?:-p|--package)$/, /^--package=/);
  const spec = named ?? words.find(({ text }) => !text.startsWith('-'));
  if (!spec) return undefined;
  const text = spec.text.replace(/^--package=/, '');
  if (/^(?:\.{0,2}[\\/]|file:|link:|~)/.test(text)) return undefined;
  if (/^(?:git[+:]|github:|gitlab:|bitbucket:|https?:)|^[\w.-]+\/[\w.-]+(?:#|$)/.test(text))
    return { spec, name: text, unpinned: commit.test(text) ? undefined : 'it names no commit' };
  const [, name = text, version] = /^(@?[^@]+)(?:@(.*))?$/s.exec(text) ?? [];
  return { spec, name, unpinned: judgeVersion(version), release: npmRelease(text, name, version) };
}

function npmRelease(written: string, name: string, range = ''): Release {
  return { source: 'npm', range, written, pinned: ({ version }) => `${name}@${version}` };
}

function judgeVersion(version: string | undefined): string | undefined {
  if (version === undefined || version === '') return 'it names no version';
  if (semver.test(version) || version.includes('${')) return undefined;
  return `${version} is no exact version`;
}

function readPython(words: readonly McpText[]): FetchedCode | undefined {
  const named = optionValue(words, /^(?:--from|--spec)$/, /^--(?:from|spec)=/);
  const spec =
    named ??
    firstBare(
      words,
      /^(?:--with|--python|-p|--index|--index-url|--with-editable|--with-requirements|--directory|--project)$/,
    );
  if (!spec) return undefined;
  const text = spec.text.replace(/^--(?:from|spec)=/, '');
  if (/^(?:\.{1,2}(?:[\\/]|$)|[\\/~]|file:)|\.whl$/.test(text)) return undefined;
  if (/^(?:git\+|https?:)/.test(text))
    return { spec, name: text, unpinned: commit.test(text) ? undefined : 'it names no commit' };
  const [, name = text, operator, version] =
    /^([^=@<>~![\s]+(?:\[[^\]]*\])?)\s*(==|@|[<>~!]=?)?\s*(.*)$/s.exec(text) ?? [];
  const isExact = (operator === '==' || operator === '@') && /^\d+(?:\.\d+)+[\w.+-]*$/.test(version ?? '');
  if (isExact || (version ?? '').includes('${')) return { spec, name, unpinned: undefined };
  const release: Release = {
    source: 'pypi',
    range: `${operator === '@' || operator === undefined ? '' : operator}${version}`,
    written: text,
    pinned: (pin) => `${name}==${pin.version}`,
  };
  return {
    spec,
    name,
    unpinned: version ? `${version} is no exact version` : 'it names no version',
    release,
  };
}

function readImage(words: readonly McpText[]): FetchedCode | undefined {
  const spec = imageOf(words);
  if (!spec) return undefined;
  const [, name = spec.text, tag] =
    /^(.+?)(?::([^:/@]*))?$/s.exec(spec.text.replace(/@sha256:.*$/s, '')) ?? [];
  if (/@sha256:/.test(spec.text) || /\$\{/.test(spec.text) || /^localhost[:/]/.test(spec.text))
    return { spec, name, unpinned: undefined };
  const unpinned = tag === undefined ? 'it names no tag' : tag === 'latest' ? 'latest moves' : undefined;
  const release: Release = {
    source: 'image',
    range: tag ?? '',
    written: spec.text,
    pinned: ({ digest }) => `${name}:${tag ?? 'latest'}@${digest}`,
  };
  return { spec, name, unpinned, release };
}

/** The first bare word of `docker run`, behind its options. */
export function imageOf(words: readonly McpText[]): McpText | undefined {
  for (let index = 0; index < words.length; index += 1) {
    const text = words[index]?.text ?? '';
    if (!text.startsWith('-')) return words[index];
    const isLong = text.startsWith('--');
    if (isLong ? !text.includes('=') && takesValue(longName(text)) : lettersTakeNext(text)) index += 1;
  }
  return undefined;
}

/** Of letters in a row the first that takes a value takes what is left of the row, or else the next word. */
function lettersTakeNext(letters: string): boolean {
  for (let at = 1; at < letters.length; at += 1) {
    if (takesValue(nameOfLetter(letters[at] ?? '') ?? '')) return at === letters.length - 1;
  }
  return false;
}

function readGo(words: readonly McpText[]): FetchedCode | undefined {
  const spec = words.find(({ text }) => !text.startsWith('-'));
  if (!spec || /^(?:\.|[\\/])|\.go$/.test(spec.text) || !spec.text.includes('.')) return undefined;
  const [name = spec.text, version] = spec.text.split('@');
  // Without a version it is a module of the project's own go.mod.
  if (version === undefined) return undefined;
  return { spec, name, unpinned: semver.test(version) ? undefined : `${version} is no exact version` };
}

function readDeno(words: readonly McpText[]): FetchedCode | undefined {
  const spec = words.find(({ text }) => !text.startsWith('-'));
  const [, scheme, rest = ''] = /^(https?:|npm:|jsr:)(.*)$/s.exec(spec?.text ?? '') ?? [];
  if (!spec || scheme === undefined) return undefined;
  if (scheme.startsWith('http')) {
    const isPinned = /@v?\d+\.\d+\.\d+/.test(rest);
    return { spec, name: spec.text, unpinned: isPinned ? undefined : 'the address names no version' };
  }
  const [, name = rest, version] = /^\/?(@?[^@]+)(?:@([^/]*))?/s.exec(rest) ?? [];
  const release: Release | undefined =
    scheme === 'npm:' && version?.includes('/') !== true
      ? npmRelease(`${name}${version === undefined ? '' : `@${version}`}`, name, version)
      : undefined;
  return { spec, name, unpinned: judgeVersion(version), ...(release && { release }) };
}

/** The word that an option names: behind it, or glued to it. */
function optionValue(words: readonly McpText[], apart: RegExp, glued: RegExp): McpText | undefined {
  const option = words.findIndex(({ text }) => apart.test(text));
  return option >= 0 ? words[option + 1] : words.find(({ text }) => glued.test(text));
}

function firstBare(words: readonly McpText[], valued: RegExp): McpText | undefined {
  for (let index = 0; index < words.length; index += 1) {
    const text = words[index]?.text ?? '';
    if (!text.startsWith('-')) return words[index];
    if (valued.test(text)) index += 1;
  }
  return undefined;
}
