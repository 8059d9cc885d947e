import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { applyEdits, editsByFile } from '../../src/core/edit.js';
import { parseJson, plainValue } from '../../src/documents/json.js';
import { type Finding, lintFiles, memoryProject } from '../../src/index.js';
import { type Meaning, meanings, publishedPorts } from '../unit/spellings/meanings.js';
import { isDeep } from './runs.js';

type Files = Readonly<Record<string, string>>;

const config = '.devcontainer/devcontainer.json';
const compose = '.devcontainer/compose.yaml';
const image = 'mcr.microsoft.com/devcontainers/base:trixie';

function jsonFiles(member: string): Files {
  return { [config]: `{\n  "image": "${image}"${member && ',\n  '}${member}\n}\n` };
}

function indent(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}

const named = (files: string) => `{ "dockerComposeFile": ${files}, "service": "app" }\n`;

/** Where the keys of a service may stand. What is undone there leaves the same as no keys. */
const places: Readonly<Record<string, (keys: string) => Files>> = {
  'in the service': (keys) => ({
    [config]: named('"compose.yaml"'),
    [compose]: `services:\n  app:\n    image: ${image}\n${indent(keys, 4)}\n`,
  }),
  'before other keys, among comments': (keys) => ({
    [config]: named('["compose.yaml"]'),
    [compose]: `# the project\nservices:\n  app: # the tools\n${indent(keys, 6)} # why\n      # what\n      image: ${image}\n`,
  }),
  'with CRLF and a BOM': (keys) => ({
    [config]: named('"compose.yaml"'),
    [compose]: `\uFEFFservices:\n  app:\n    image: ${image}\n${indent(keys, 4)}\n`.replaceAll('\n', '\r\n'),
  }),
  'without an end of the last line': (keys) => ({
    [config]: named('"compose.yaml"'),
    [compose]: `services:\n  app:\n    image: ${image}\n${indent(keys, 4)}`,
  }),
  'in a file that overrides': (keys) => ({
    [config]: named('["compose.yaml", "more.yaml"]'),
    [compose]: `services:\n  app:\n    image: ${image}\n`,
    '.devcontainer/more.yaml': `services:\n  app:\n    init: true\n${indent(keys, 4)}\n`,
  }),
  'in a service that is extended': (keys) => ({
    [config]: named('"compose.yaml"'),
    [compose]: `services:\n  base:\n    init: true\n${indent(keys, 4)}\n  app:\n    extends: { service: base }\n    image: ${image}\n`,
  }),
  'in a file that is included': (keys) => ({
    [config]: named('"compose.yaml"'),
    [compose]: 'include:\n  - path: ./app.yaml\n',
    '.devcontainer/app.yaml': `services:\n  app:\n    image: ${image}\n${indent(keys, 4)}\n`,
  }),
};

/** Where they are read too, and no edit is offered: other services may share them. */
const shared: Readonly<Record<string, (keys: string) => Files>> = {
  'merged from an anchor': (keys) => ({
    [config]: named('"compose.yaml"'),
    [compose]: `x-base: &base\n${indent(keys, 2)}\nservices:\n  app:\n    <<: *base\n    image: ${image}\n`,
  }),
  'merged from one of several': (keys) => ({
    [config]: named('"compose.yaml"'),
    [compose]: `x-a: &a { init: true }\nx-b: &b\n${indent(keys, 2)}\nservices:\n  app:\n    <<: [*a, *b]\n    image: ${image}\n`,
  }),
  'in an anchored service': (keys) => ({
    [config]: named('"compose.yaml"'),
    [compose]: `services:\n  app: &app\n    image: ${image}\n${indent(keys, 4)}\n`,
  }),
};

async function lintAll(files: Files): Promise<readonly Finding[]> {
  // Of the service that is extended the same is told, for it runs too.
  const { findings } = await lintFiles([config], memoryProject(files));
  return findings.filter(({ message }) => !message.startsWith('service base'));
}

const verdict = (findings: readonly Finding[]) =>
  findings.map(({ ruleId, severity, persona }) => `${ruleId} ${severity} ${persona}`).sort();

function mend(files: Files, findings: readonly Finding[]): Files {
  const edits = editsByFile(findings.flatMap(({ fixes }) => fixes[0]?.edits ?? []));
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, applyEdits(text, edits.get(path) ?? [])]),
  );
}

/** What the files say, without how. */
function contents(files: Files): unknown {
  return Object.entries(files).map(([path, text]) => {
    const { root } = parseJson({ path, text });
    return path.endsWith('.json') ? root && plainValue(root) : parse(text.replace(/^\uFEFF/, ''));
  });
}

const firsts = new Map<Meaning, ReturnType<typeof lintAll>>();

async function expected(meaning: Meaning): Promise<readonly string[]> {
  const known = firsts.get(meaning) ?? lintAll(jsonFiles(meaning.json[0] ?? ''));
  firsts.set(meaning, known);
  const first = verdict(await known);
  expect(first.length).toBeGreaterThan(0);
  return first;
}

/** All, or in `npm test` one of them, the next spelling's being the next. */
function some<T>(all: Readonly<Record<string, T>>, turn: number): (readonly [string, T])[] {
  const entries = Object.entries(all);
  return isDeep ? entries : entries.filter((_, index) => index === turn % entries.length);
}

const all = { ...meanings, 'a published port': publishedPorts };

describe.each(Object.entries(all))('%s', (name, meaning) => {
  test.each(meaning.json)('%s', async (member) => {
    const files = jsonFiles(member);
    const findings = await lintAll(files);
    expect(verdict(findings)).toEqual(await expected(meaning));
    const mended = mend(files, findings);
    expect(await lintAll(mended)).toEqual([]);
    if (name in meanings) expect(contents(mended)).toEqual(contents(jsonFiles('')));
  });

  test.each(meaning.yaml.map((keys, turn) => [keys, turn] as const))('%s', async (keys, turn) => {
    const wanted = await expected(meaning);
    for (const [place, write] of some(places, turn)) {
      const files = write(keys);
      const findings = await lintAll(files);
      expect(verdict(findings), place).toEqual(wanted);
      const mended = mend(files, findings);
      expect(await lintAll(mended), place).toEqual([]);
      if (name in meanings) expect(contents(mended), place).toEqual(contents(write('')));
    }
    for (const [place, write] of some(shared, turn)) {
      const findings = await lintAll(write(keys));
      expect(verdict(findings), place).toEqual(wanted);
      expect(
        findings.flatMap(({ fixes }) => fixes),
        place,
      ).toEqual([]);
    }
  });
});
