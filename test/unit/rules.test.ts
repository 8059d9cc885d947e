import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ruleDocs } from '../../scripts/rule-docs.js';
import { exportName, renderLists, ruleFiles } from '../../scripts/rule-list.js';
import { applyEdits, editsByFile } from '../../src/core/edit.js';
import { lint } from '../../src/core/lint.js';
import type { AnyRule, ExampleFiles, Finding, Persona, RuleExample } from '../../src/core/rule.js';
import { kindOf } from '../../src/documents/kinds.js';
import { readSubjects } from '../../src/index.js';
import { rules } from '../../src/rules/index.js';
import { answeringProject } from './answering-project.js';

// What only a registry mends is no mend where nobody may be asked.
const isFixed = ({ examples }: AnyRule) =>
  examples.some(({ fixed, online }) => fixed !== undefined && !online);

describe('of the rules of the default persona', () => {
  const usual = rules.filter(({ persona }) => persona === 'default');

  test('at least 70 % have a fix', () => {
    expect(usual.filter(isFixed).length / usual.length).toBeGreaterThanOrEqual(0.7);
  });

  test.each(usual.map((rule) => [rule.id, rule] as const))('%s mends, or says what to decide', (_, rule) => {
    expect(isFixed(rule)).toBe(rule.decide === undefined);
  });
});

const usualFile = '.devcontainer/devcontainer.json';

type Files = Readonly<Record<string, string>>;

function filesOf(example: ExampleFiles): Files {
  return typeof example === 'string' ? { [usualFile]: example } : example;
}

/** The texts without their marks, and every marked span as `path start-end`. */
function readMarks(example: ExampleFiles): { files: Files; marks: readonly string[] } {
  const files: Record<string, string> = {};
  const marks: string[] = [];
  for (const [path, marked] of Object.entries(filesOf(example))) {
    const starts: number[] = [];
    let text = '';
    for (const part of marked.split(/([«»])/)) {
      if (part === '«') starts.push(text.length);
      else if (part === '»') marks.push(`${path} ${starts.pop()}-${text.length}`);
      else text += part;
    }
    expect(starts, `unclosed mark in ${path}`).toEqual([]);
    files[path] = text;
  }
  return { files, marks: marks.sort() };
}

/** What was read already: each example is looked at from several sides. */
const read = new Map<string, ReturnType<typeof readAll>>();

function subjectsOf(files: Files, online?: RuleExample['online']): ReturnType<typeof readAll> {
  const key = JSON.stringify([files, online]);
  const known = read.get(key) ?? readAll(files, online);
  read.set(key, known);
  return known;
}

async function readAll(files: Files, online?: RuleExample['online']) {
  const project = answeringProject(files, online);
  const hasContainer = Object.keys(files).some((path) => kindOf(path) === 'devcontainer');
  const others = [undefined, 'ignore-file', ...(hasContainer ? ['dockerfile'] : [])];
  const configs = Object.keys(files).filter((path) => !others.includes(kindOf(path)));
  return { subjects: await readSubjects(configs, project), project };
}

async function run(
  rule: AnyRule,
  files: Files,
  persona: Persona,
  online?: RuleExample['online'],
): Promise<Finding[]> {
  const { subjects, project } = await subjectsOf(files, online);
  return lint([rule], subjects, project, { persona });
}

function placesOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ place: { file, at } }) => `${file.path} ${at.start}-${at.end}`).sort();
}

/** The files after the first fix of each finding. */
function applyFirstFixes(files: Files, findings: readonly Finding[]): Files {
  const edits = editsByFile(findings.flatMap(({ fixes }) => fixes[0]?.edits ?? []));
  // A fix may begin a file that is not there yet.
  const paths = [...new Set([...Object.keys(files), ...edits.keys()])];
  return Object.fromEntries(
    paths.map((path) => [path, applyEdits(files[path] ?? '', edits.get(path) ?? [])]),
  );
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('says what it is about', () => {
    expect(id).toMatch(/^(?:no|require|pin)(?:-[a-z0-9]+)+$/);
    expect(rule.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(rule.why).toMatch(/^[A-Za-z].*\.$/);
    expect(rule.references.length).toBeGreaterThan(0);
    for (const url of rule.references) expect(new URL(url).protocol).toBe('https:');
    expect(rule.examples.length).toBeGreaterThan(0);
    expect(rule.good.length).toBeGreaterThan(0);
  });

  test.each(rule.examples.map((example) => [example] as const))(
    'reports what is marked: %j',
    async ({ bad, persona = rule.persona, online }) => {
      const { files, marks } = readMarks(bad);
      const findings = await run(rule, files, 'pedantic', online);
      expect(marks.length).toBeGreaterThan(0);
      expect(placesOf(findings)).toEqual(marks);
      const usual = persona === 'default' ? marks : [];
      expect(placesOf(await run(rule, files, 'default', online))).toEqual(usual);
      for (const { message, fixes } of findings) {
        expect(message).toMatch(/^(?![A-Z][a-z]).*[^.]$/s);
        for (const fix of fixes) {
          expect(fix.title).toMatch(/^[a-z].*[^.]$/);
          expect(fix.consequence).toMatch(/^(?![A-Z][a-z]).*[^.]$/);
          expect(fix.edits.length).toBeGreaterThan(0);
        }
      }
    },
  );

  test.each(rule.examples.map((example) => [example] as const))(
    'fixes it: %j',
    async ({ bad, fixed, persona = rule.persona, online }) => {
      const { files } = readMarks(bad);
      const findings = await run(rule, files, persona, online);
      const after = applyFirstFixes(files, findings);
      if (fixed === undefined) {
        expect(after).toEqual(files);
        return;
      }
      expect(after).toEqual(filesOf(fixed));
      expect(await run(rule, after, 'pedantic', online)).toEqual([]);
    },
  );

  test.each(rule.good.map((files) => [files] as const))('is silent about %j', async (files) => {
    expect(await run(rule, filesOf(files), rule.persona)).toEqual([]);
  });

  test('has no alternative that cannot be applied', async () => {
    for (const { bad } of rule.examples) {
      const { files } = readMarks(bad);
      for (const { fixes } of await run(rule, files, 'pedantic')) {
        for (const { edits } of fixes) {
          for (const [path, changes] of editsByFile(edits)) applyEdits(files[path] ?? '', changes);
        }
      }
    }
  });
});

describe('the list', () => {
  test('holds every rule file, sorted, each named after its id', () => {
    const files = ruleFiles('.');
    expect(rules.map(({ id }) => id)).toEqual(files.map(({ id }) => id));
    for (const [path, text] of Object.entries(renderLists(files)))
      expect(readFileSync(path, 'utf8'), path).toBe(text);
    for (const { group, id } of files) {
      expect(readFileSync(`src/rules/${group}/${id}.ts`, 'utf8')).toContain(
        `export const ${exportName(id)}:`,
      );
    }
  });

  test('gives pages that are current', () => {
    for (const [path, text] of Object.entries(ruleDocs()))
      expect(readFileSync(path, 'utf8'), path).toBe(text);
  });

  test.each([
    [
      'an ordinary container',
      '{ "image": "mcr.microsoft.com/devcontainers/typescript-node:24", "features": { "ghcr.io/devcontainers/features/github-cli:1": {} }, "customizations": { "vscode": { "extensions": ["dbaeumer.vscode-eslint"] } }, "postCreateCommand": "npm ci", "forwardPorts": [3000] }',
    ],
    [
      'a hardened one',
      '{ "image": "mcr.microsoft.com/devcontainers/base:bookworm", "remoteUser": "vscode", "runArgs": ["--cap-drop=ALL", "--security-opt=no-new-privileges"], "mounts": ["source=claude-${devcontainerId},target=/home/vscode/.claude,type=volume"], "remoteEnv": { "SSH_AUTH_SOCK": "" } }',
    ],
  ])('says nothing about %s', async (_name, text) => {
    const { subjects, project } = await subjectsOf({ [usualFile]: text });
    expect(lint(rules, subjects, project)).toEqual([]);
  });

  test('asks one question of a mount: no mount has two findings', async () => {
    const sources = ['~', '/', '/run', '/tmp', '/etc', '/root', '/var', '/dev'];
    const homes = [
      '',
      '/.ssh',
      '/.docker',
      '/.claude',
      '/.config',
      '/.gnupg',
      '/.gitconfig',
      '/.aws',
      '/.lima',
    ];
    const mounts = [...sources, ...homes.map((path) => `\${localEnv:HOME}${path}`)].map(
      (source, index) => `type=bind,source=${source},target=/t${index}`,
    );
    const { subjects, project } = await subjectsOf({ [usualFile]: JSON.stringify({ mounts }) });
    const places = placesOf(lint(rules, subjects, project, { persona: 'pedantic' }));
    expect(new Set(places).size).toBe(places.length);
  });
});
