import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reportError } from '../../src/cli/failure.js';
import { RuleError } from '../../src/core/errors.js';
import { findAll, lint, sortFindings } from '../../src/core/lint.js';
import type { AnyRule, Finding, Report, Subject } from '../../src/core/rule.js';
import { memoryProject, overlayProject } from '../../src/project/memory.js';

const file = { path: 'a.json', text: '0123456789' };
const subject: Subject = { on: 'unreadable', value: { file, at: { start: 0, end: 0 }, message: '' } };
const project = memoryProject({});

function ruleThat(check: () => Iterable<Report>, more: Partial<AnyRule> = {}): AnyRule {
  const rule = {
    id: 'no-x',
    on: 'unreadable',
    severity: 'error',
    confidence: 'high',
    persona: 'default',
  } as const;
  const text = { summary: 'X', why: 'X.', references: [], examples: [], good: [] };
  return { ...rule, ...text, ...more, check } as AnyRule;
}

function reportAt(start: number, more: Partial<Report> = {}): Report {
  return { place: { file, at: { start, end: start + 1 } }, message: 'it is wrong', ...more };
}

describe('the lint engine', () => {
  test('hides a secret of the file where a message has joined it to other text', () => {
    const secret = 'ghp_Zk9wQ2mT7rLx4VbN8sHd3JfYp6GcAe1uRi5o';
    const at = { start: 0, end: 3 };
    const report = {
      place: { file: { path: 'a.sh', text: `"a"${secret}` }, at },
      message: `a${secret} is wrong`,
    };
    const [found] = lint([ruleThat(() => [report])], [subject], project);
    expect(found?.message).toBe(`a${'*'.repeat(secret.length)} is wrong`);
  });

  test('takes severity from the report, else from the rule', () => {
    const rule = ruleThat(() => [reportAt(1), reportAt(0, { severity: 'info' })]);
    expect(lint([rule], [subject], project).map(({ severity }) => severity)).toEqual(['error', 'info']);
  });

  test('hides pedantic and uncertain findings until asked', () => {
    const rule = ruleThat(() => [
      reportAt(1, { persona: 'pedantic' }),
      reportAt(2, { confidence: 'low' }),
      reportAt(3),
    ]);
    expect(lint([rule], [subject], project)).toHaveLength(1);
    expect(lint([rule], [subject], project, { persona: 'pedantic' })).toHaveLength(3);
  });

  test('asks a rule that can show nothing by default only where hidden findings are wanted', () => {
    const rule = ruleThat(() => [reportAt(1, { persona: 'pedantic' })], {
      mayShow: (value: object) => 'message' in value && value.message === 'shown',
    });
    const never = { ...rule, check: () => expect.unreachable() };
    expect(lint([never], [subject], project)).toEqual([]);
    expect(lint([rule], [subject], project, { persona: 'pedantic' })).toHaveLength(1);
    expect(findAll([rule], [subject], project)).toHaveLength(1);
  });

  test('asks for fixes of those findings alone that are shown', () => {
    const asked: string[] = [];
    const fixesOf = (name: string) => () => {
      asked.push(name);
      return [];
    };
    const hidden = reportAt(1, { persona: 'pedantic', fixes: fixesOf('hidden') });
    const rule = ruleThat(() => [hidden, reportAt(2, { fixes: fixesOf('shown') })]);
    expect(findAll([rule], [subject], project, 'default')).toHaveLength(2);
    expect(asked).toEqual(['shown']);
    findAll([rule], [subject], project);
    expect(asked).toEqual(['shown', 'hidden', 'shown']);
  });

  test('reports the same thing once, whatever found it', () => {
    const rule = ruleThat(() => [reportAt(1), reportAt(1), reportAt(1, { message: 'it is worse' })]);
    expect(lint([rule], [subject, subject], project)).toHaveLength(2);
    expect(lint([rule], [subject], project)).toHaveLength(2);
  });

  test('names a rule that crashes, also half way, and never looks clean', async () => {
    const rule = ruleThat(function* () {
      yield reportAt(1);
      throw new TypeError('x is undefined');
    });
    expect(() => lint([rule], [subject], project)).toThrow(RuleError);
    const error = new RuleError('no-x', new TypeError('x is undefined'));
    const stderr = new PassThrough({ encoding: 'utf8' });
    const io = { argv: [], stdin: new PassThrough(), stdout: new PassThrough(), stderr, cwd: '/', env: {} };
    expect(await reportError(error, io)).toBe(3);
    expect(stderr.read()).toMatch(
      /the rule no-x crashed: x is undefined[\s\S]*--skip-rule no-x leaves that rule out/,
    );
  });

  test('sorts worst first, the same whatever the order of the rules', () => {
    const finding = fc.record({
      ruleId: fc.constantFrom('no-a', 'no-b'),
      severity: fc.constantFrom('error', 'warning', 'info'),
      message: fc.constantFrom('x', 'y'),
      start: fc.nat(3),
      path: fc.constantFrom('a', 'b'),
    });
    const findings = fc.array(finding).map((items) =>
      items.map(({ ruleId, severity, message, start, path }): Finding => {
        const place = { file: { ...file, path }, at: { start, end: start + 1 } };
        return { ruleId, severity, message, place, fixes: [], confidence: 'high', persona: 'default' };
      }),
    );
    fc.assert(
      fc.property(findings, (some) => {
        const sorted = sortFindings(some);
        const ranks = sorted.map(({ severity }) => ['error', 'warning', 'info'].indexOf(severity));
        expect(ranks).toEqual([...ranks].sort());
        const key = ({ ruleId, message, place }: Finding) =>
          [ruleId, message, place.file.path, place.at.start].join();
        const keys = (list: readonly Finding[]) => list.map(key);
        expect(new Set(keys(sorted))).toEqual(new Set(keys(some)));
        expect(sortFindings(sorted)).toEqual(sorted);
      }),
    );
  });
});

describe('projects in memory', () => {
  test('read, list and refuse like those on disk', () => {
    const memory = memoryProject({ 'a/b.json': 'text', './c': '' });
    expect(memory.read('a/./x/../b.json')).toEqual({ file: { path: 'a/b.json', text: 'text' } });
    expect(memory.list('')).toEqual({ names: ['a', 'c'] });
    expect(memory.read('a')).toMatchObject({ problem: 'not-a-file' });
    expect(memory.read('x')).toMatchObject({ problem: 'missing' });
    for (const path of ['../a', '/etc/passwd', 'a/../../b'])
      expect(memory.read(path)).toMatchObject({ problem: 'outside' });
  });

  test('an overlay replaces and adds, the base stays', () => {
    const base = memoryProject({ a: '1', b: '2' });
    const overlay = overlayProject(
      base,
      new Map([
        ['a', 'one'],
        ['c', 'three'],
      ]),
    );
    const texts = ['a', 'b', 'c'].map((path) => {
      const result = overlay.read(path);
      return 'file' in result ? result.file.text : result.problem;
    });
    expect(texts).toEqual(['one', '2', 'three']);
    expect(base.read('a')).toMatchObject({ file: { text: '1' } });
  });
});
