import { type ParseError, parse } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import type { FixResult, FixState } from '../../src/core/fix.js';
import type { RuleExample } from '../../src/core/rule.js';
import { kindOf } from '../../src/documents/kinds.js';
import { languageOf } from '../../src/documents/language.js';
import { fixFiles, lintFiles } from '../../src/index.js';
import { rules } from '../../src/rules/index.js';
import { answeringProject } from '../unit/answering-project.js';
import { isDeep } from './runs.js';

type Files = Readonly<Record<string, string>>;
const main = '.devcontainer/devcontainer.json';
const mark = '/*c*/';

/** Every token of a JSON text, blanks and comments included; together they are the text. */
function tokensOf(text: string): readonly string[] {
  return (
    text.match(/"(?:[^"\\]|\\.)*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|\s+|[{}[\],:]|[^\s{}[\],:"/]+|[\s\S]/g) ?? []
  );
}

const isBlank = (token: string) => token.trim() === '';
const isComment = (token: string) => /^\/[/*]/.test(token);

/** A comma before every closing bracket that follows a value. */
function addTrailingCommas(text: string): string {
  const commaAfter = new Set<number>();
  const tokens = tokensOf(text);
  let last = -1;
  for (const [index, token] of tokens.entries()) {
    if (isBlank(token) || isComment(token)) continue;
    if (/^[}\]]$/.test(token) && !['{', '[', ','].includes(tokens[last] ?? '{')) commaAfter.add(last);
    last = index;
  }
  return tokens.map((token, index) => (commaAfter.has(index) ? `${token},` : token)).join('');
}

/** On one line without blanks and comments, as a generator writes it. */
function minify(text: string): string {
  return tokensOf(text)
    .filter((token) => !isBlank(token) && !isComment(token))
    .join('');
}

function oneLine(text: string): string {
  return tokensOf(text)
    .filter((token) => !isComment(token))
    .map((token) => (isBlank(token) ? ' ' : token))
    .join('');
}

const commentCommas = (note: string) => (text: string) =>
  tokensOf(text)
    .map((token) => (token === ',' ? `,${note}` : token))
    .join('');

const commentEverywhere = (text: string) =>
  tokensOf(text)
    .map((token) => (isBlank(token) || isComment(token) ? token : `${mark}${token}`))
    .join('');

const isJson = (path: string) => path.endsWith('.json');

type Change = (text: string) => string;

/** Ways to write the same configuration; `all` are for any file, the others for one language. */
const variants: Record<
  string,
  Partial<Record<'all' | 'json' | 'yaml' | 'toml' | 'dockerfile' | 'shell', Change>>
> = {
  CRLF: { all: (text) => text.replace(/\r?\n/g, '\r\n') },
  'CRLF, a BOM and tabs': {
    all: (text) => text.replace(/\r?\n/g, '\r\n'),
    json: (text) => withBom(text.replace(/^( {2})+/gm, (blanks) => '\t'.repeat(blanks.length / 2))),
    yaml: withBom,
  },
  'one line': { json: oneLine },
  minified: { json: minify },
  'no last line end': { all: (text) => text.trimEnd() },
  'trailing commas': { json: addTrailingCommas },
  'minified with trailing commas': { json: (text) => addTrailingCommas(minify(text)) },
  'a comment after every comma': { json: commentCommas(` ${mark}`) },
  'a line comment after every comma': { json: commentCommas(' // c\n') },
  'a comment before every token': { json: commentEverywhere },
  'a comment at the end of every line': { yaml: commentLines, toml: commentLines },
  'a comment above every line': {
    yaml: commentAbove,
    toml: commentAbove,
    dockerfile: (text) => text.replace(/^(?=[A-Z]+ |[ \t]+\S)/gm, '# c\n'),
  },
  'values in double quotes': { yaml: quoteValues('"') },
  'values in single quotes': {
    yaml: quoteValues("'"),
    toml: (text) => text.replace(/"([^"'\\\n]*)"/g, "'$1'"),
  },
  'anchors at values': { yaml: (text) => anchorValues(text).text },
  'anchors that are used': {
    yaml: (text) => {
      const { text: anchored, names } = anchorValues(text);
      return names.length === 0
        ? text
        : `${anchored}x-used: [${names.map((name) => `*${name}`).join(', ')}]\n`;
    },
  },
  'small letters and tabs': {
    dockerfile: (text) => text.replace(/^[A-Z]+ /gm, (word) => `${word.trim().toLowerCase()}\t`),
  },
};

function withBom(text: string): string {
  return `\uFEFF${text.replace(/^\uFEFF/, '')}`;
}

/** Whether lines can be changed one by one: no text goes over several of them. */
function isPlain(text: string): boolean {
  return !/[|>][+-]?\s*$|\\\s*$|<<|"{3}|'{3}|^[^'"\n]*(['"])(?:(?!\1).)*$/m.test(text);
}

function commentLines(text: string): string {
  return isPlain(text) ? text.replace(/(?<=\S)$/gm, ' # c') : text;
}

function commentAbove(text: string): string {
  return isPlain(text) ? text.replace(/^( *)(?=\S)/gm, '$1# c\n$1') : text;
}

/** A text value of a line: behind its key or its dash, up to a comment or the line's end. */
const yamlValue =
  /^([ ]*(?:- )?(?:[\w.-]+: )?)((?![\w.-]+: )[A-Za-z/$~.][^\s#"'[\]{}&*|>]*(?: [^\s#"'[\]{}&*|>:]+)*)(?=[ ]*(?:#.*)?$)/gm;
const noText = /^(?:true|false|yes|no|on|off|null|~)$/i;

function quoteValues(quote: string): Change {
  return (text) =>
    isPlain(text)
      ? text.replace(yamlValue, (all, before: string, value: string) =>
          before.trim() === '' || noText.test(value) ? all : before + quote + value + quote,
        )
      : text;
}

function anchorValues(text: string): { readonly text: string; readonly names: readonly string[] } {
  const names: string[] = [];
  if (!isPlain(text)) return { text, names };
  const anchored = text.replace(yamlValue, (all, before: string, value: string) => {
    if (before.trim() === '') return all;
    names.push(`a${names.length}`);
    return `${before}&${names.at(-1)} ${value}`;
  });
  return { text: anchored, names };
}

function count(tokens: readonly string[], wanted: string): number {
  return tokens.filter((token) => token === wanted).length;
}

function vary(files: Files, changes: (typeof variants)[string]): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => {
      const language = languageOf({ path, text });
      const own = language === 'text' ? undefined : changes[language];
      const changed = own ? own(text) : text;
      return [path, changes.all ? changes.all(changed) : changed];
    }),
  );
}

const pedantic = { persona: 'pedantic' } as const;

function isLinted(path: string): boolean {
  return ![undefined, 'ignore-file'].includes(kindOf(path));
}

async function fixAll(
  files: Files,
  alternative = 0,
  known?: FixState,
  online?: RuleExample['online'],
): Promise<FixResult & { start: FixState; after: Files }> {
  const project = answeringProject(files, online);
  const hasContainer = Object.keys(files).some((path) => kindOf(path) === 'devcontainer');
  const linted = Object.keys(files).filter(
    (path) => isLinted(path) && !(hasContainer && kindOf(path) === 'dockerfile'),
  );
  const start = known ?? {
    findings: (await lintFiles(linted, project, pedantic)).findings,
    texts: new Map(),
  };
  const result = await fixFiles(linted, project, ({ fixes }) => fixes[alternative], pedantic, start);
  return { ...result, start, after: { ...files, ...Object.fromEntries(result.texts) } };
}

/** Byte order mark, kind of line ends and last line end: what no fix may change. */
function formOf(text: string): unknown {
  return {
    bom: text.startsWith('\uFEFF'),
    lineEnds: [...new Set(text.match(/\r\n|\n|\r/g) ?? [])].sort(),
    last: /[\r\n]$/.test(text),
  };
}

// Some variants have no comments, which is all that one rule is about.
const varied = rules.filter(({ on }) => on !== 'suppression');

const examples = varied.flatMap((rule) =>
  rule.examples.map(({ bad, online }, index) => {
    const files = typeof bad === 'string' ? { [main]: bad } : bad;
    const plain = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, text.replace(/[«»]/g, '')]),
    );
    return [`${rule.id} ${index + 1}`, rule.id, plain, online] as const;
  }),
);

/** Each example in all ways that differ from it as it stands; or every sixth one in one way, the next in the next. */
const written = examples.flatMap(([name, ruleId, plain, online], index) => {
  const ways = Object.entries(variants)
    .map(
      ([variant, change]) =>
        [`${name}, written with ${variant}`, ruleId, vary(plain, change), online] as const,
    )
    .filter(([, , files]) => JSON.stringify(files) !== JSON.stringify(plain));
  const next = Math.floor(index / 6) % Math.max(1, ways.length);
  return isDeep ? ways : ways.slice(next, index % 6 === 0 ? next + 1 : next);
});

/** Where each comma has its comment, those of the lines that stay, stay. */
function expectComments(text: string, before: string, { applied }: FixResult): void {
  const tokens = tokensOf(before);
  if (!tokens.every((token, index) => token !== ',' || isCommentAt(tokens, index + 1))) return;
  const added = applied.flatMap(({ fix }) => fix.edits.flatMap((edit) => tokensOf(edit.text)));
  const after = tokensOf(text);
  const commas = count(after, ',') - count(added, ',');
  expect(after.filter(isComment).length).toBeGreaterThanOrEqual(commas);
}

/** Where each line has its comment, at its end or above it, those of the lines that stay, stay. */
function expectLineComments(text: string, before: string, { applied }: FixResult, path: string): void {
  const comments = (one: string) => one.match(/# c\r?$/gm)?.length ?? 0;
  const lines = (one: string) => one.match(/^(?![ \t]*# c\r?$).*\S/gm)?.length ?? 0;
  if (comments(before) < lines(before)) return;
  const edits = applied.flatMap(({ fix }) => fix.edits.filter((edit) => edit.file === path));
  const added = edits.reduce((sum, edit) => sum + lines(edit.text), 0);
  expect(comments(text) + added).toBeGreaterThanOrEqual(lines(text));
}

function isCommentAt(tokens: readonly string[], at: number): boolean {
  return isComment(tokens[isBlank(tokens[at] ?? '') ? at + 1 : at] ?? '');
}

async function expectMended(files: Files, ruleId: string, online?: RuleExample['online']): Promise<FixState> {
  const result = await fixAll(files, 0, undefined, online);
  const own = result.start.findings.filter((finding) => finding.ruleId === ruleId);
  expect(own.length).toBeGreaterThan(0);

  expect(result.rolledBack).toEqual([]);
  for (const finding of own) expect(result.fixed.includes(finding) || finding.fixes.length === 0).toBe(true);
  expect(result.findings.filter((finding) => finding.fixes.length > 0)).toEqual([]);

  // Nothing that a second run could change.
  if (isDeep) {
    const all = Object.keys(files).filter(isLinted);
    const again = await lintFiles(all, answeringProject(result.after, online), pedantic);
    expect(again.findings.filter((finding) => finding.fixes.length > 0)).toEqual([]);
  }

  for (const [path, text] of result.texts) {
    const before = files[path] ?? '';
    // A file of one line has no line ends that an added one could keep to.
    if (/[\r\n]/.test(text) && /[\r\n]/.test(before)) expect(formOf(text)).toEqual(formOf(before));
    expect(text.startsWith('\uFEFF')).toBe(before.startsWith('\uFEFF'));
    expectLineComments(text, before, result, path);
    if (!isJson(path) || ruleId === 'no-unreadable-file') continue;
    const errors: ParseError[] = [];
    parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
    expect(errors).toEqual([]);
    expectComments(text, before, result);
  }
  return result.start;
}

/** All, or every other one: test/unit/rules.test.ts tries the first fix of each. */
const plainly = isDeep ? examples : examples.filter((_, index) => index % 2 === 1);

describe('fixes of the examples', () => {
  test.each(plainly)('%s, by the first alternative and by others', async (_name, ruleId, plain, online) => {
    const start = await expectMended(plain, ruleId, online);
    const most = Math.max(0, ...start.findings.map(({ fixes }) => fixes.length));
    const others = Array.from({ length: most }, (_, alternative) => alternative).slice(1);
    for (const alternative of isDeep ? others : others.slice(-1)) {
      const result = await fixAll(plain, alternative, start, online);
      expect(result.rolledBack).toEqual([]);
      const left = result.findings.filter(
        (finding) => finding.ruleId === ruleId && finding.fixes[alternative],
      );
      expect(left).toEqual([]);
    }
  });

  test.each(written)('%s', async (_name, ruleId, files, online) => {
    await expectMended(files, ruleId, online);
  });
});
