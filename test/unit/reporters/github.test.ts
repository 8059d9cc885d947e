import { describe, expect, test } from 'vitest';
import type { LintResult } from '../../../src/core/lint.js';
import type { Finding } from '../../../src/core/rule.js';
import { githubReporter } from '../../../src/reporters/github.js';
import { reportAll } from '../../../src/reporters/reporter.js';
import { hostileFinding, metadata, path, privileged, resultOf, root } from './sample.js';

function report(result: LintResult): string[] {
  return reportAll(githubReporter(metadata), [result]).trimEnd().split('\n');
}

/** What GitHub's runner reads from a line, by the rules of its own parser. */
function readCommand(line: string) {
  const [, name, list = '', data = ''] = /^::(\w+) ?(.*?)::(.*)$/.exec(line) ?? [];
  const decode = (text: string) =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  const properties = list.split(',').map((part) => part.split('=') as [string, string]);
  return {
    name,
    ...Object.fromEntries(properties.map(([key, value]) => [key, decode(value)])),
    data: decode(data),
  };
}

function many(count: number, finding: Finding): Finding[] {
  return Array.from({ length: count }, (_, index) => ({ ...finding, message: `number ${index}` }));
}

describe('GitHub annotations', () => {
  test('stand at the place, worst first', () => {
    const [first, second, last] = report(resultOf([root, privileged]));
    expect(readCommand(first ?? '')).toEqual({
      name: 'error',
      file: path,
      line: '3',
      endLine: '3',
      col: '3',
      endColumn: '21',
      title: 'no-privileged',
      data: 'the container runs privileged\nfix: remove "privileged"',
    });
    expect(readCommand(second ?? '')).toMatchObject({ name: 'warning', title: 'no-root-user' });
    expect(last).toBe('1 error, 1 warning.');
  });

  test('are not more than GitHub shows; the log has the rest, and a note says so', () => {
    const info = { ...root, severity: 'info' } as const;
    const lines = report(resultOf([...many(12, privileged), ...many(11, root), ...many(11, info)]));
    const count = (name: string) => lines.filter((line) => line.startsWith(`::${name} `)).length;
    expect([count('error'), count('warning'), count('notice')]).toEqual([10, 10, 10]);
    expect(lines.filter((line) => line.startsWith(`${path}:`))).toHaveLength(5);
    expect(lines.at(-1)).toBe(
      '::notice title=harden-devcontainer::12 errors, 11 warnings, 11 info. GitHub shows 29 of them as annotations; the log has 5 more.',
    );
  });

  test('cannot be forged by what was scanned', () => {
    const hostile = many(1, hostileFinding()).concat(hostileFinding());
    const forged = { ...hostileFinding(), message: '%0A::set-env name=X::y ##[add-path]/tmp %25' };
    const lines = report(resultOf([...hostile, forged, ...many(10, hostileFinding())]));
    for (const line of lines) {
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\p{Surrogate}]|##\[/u);
      expect(line).toMatch(/^(?:::(?:error|notice) [^:]*::|dir with space)/);
    }
    expect(readCommand(lines.find((line) => line.includes('set-env')) ?? '')).toMatchObject({
      data: expect.stringMatching(/^%0A::set-env name=X::y #\\u\{23\}|^%0A::set-env/),
    });
  });

  test('a path that looks like a command is none in the log', () => {
    const file = { path: '::add-mask::x/devcontainer.json', text: '{}' };
    const place = { file, at: { start: 0, end: 2 } };
    const lines = report(resultOf(many(11, { ...privileged, place })));
    expect(lines[0]).toMatch(/^\\u\{3a\}:add-mask::x\/devcontainer\.json:1:1: error\[no-privileged\]/);
  });

  test('say that nothing was found, and where that is not all', () => {
    expect(report(resultOf([]))).toEqual(['No findings in 1 configuration.']);
    expect(report(resultOf([], false)).at(-1)).toMatch(/^::notice .*Not everything could be analysed/);
  });
});
