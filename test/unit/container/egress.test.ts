import { describe, expect, test } from 'vitest';
import { readEntry } from '../../../src/documents/allow-target.js';
import { linesToDelete, readAllowlist } from '../../../src/documents/allowlist.js';
import { fixFiles, lintFiles, memoryProject } from '../../../src/index.js';
import { rules } from '../../../src/rules/index.js';

const config = '.devcontainer/devcontainer.json';
const policyPath = '.devcontainer/harden-devcontainer.jsonc';
const listPath = '.devcontainer/allowlist';
const foreign = '.devcontainer/allowed-domains.txt';
const header = '# Written by harden-devcontainer.\n';

type Files = Record<string, string>;

/** What else could be better about the container. */
const wishes = rules
  .filter(({ on, persona }) => persona === 'pedantic' && on !== 'egress')
  .map(({ id }) => id);

/** `RULE TEXT` of each finding, TEXT being what is marked. */
async function lint(files: Files, paths: readonly string[] = [config]): Promise<string[]> {
  const project = memoryProject({ [config]: '{ "image": "debian:12", "remoteUser": "1000" }', ...files });
  const { findings } = await lintFiles(paths, project, { persona: 'pedantic', skip: wishes });
  return findings.map(
    ({ ruleId, place }) => `${ruleId} ${place.file.text.slice(place.at.start, place.at.end)}`,
  );
}

/** The files after the fix of one rule for one marked text. */
async function fix(files: Files, ruleId: string, marked: string): Promise<Files> {
  const all: Files = { [config]: '{ "image": "debian:12", "remoteUser": "1000" }', ...files };
  const result = await fixFiles(
    [config],
    memoryProject(all),
    (finding) => {
      const { file, at } = finding.place;
      return finding.ruleId === ruleId && file.text.slice(at.start, at.end) === marked
        ? finding.fixes[0]
        : undefined;
    },
    { persona: 'pedantic' },
  );
  expect(result.rolledBack).toEqual([]);
  expect(result.applied).toHaveLength(1);
  return Object.fromEntries(
    Object.keys(files).map((path) => [path, result.texts.get(path) ?? files[path] ?? '']),
  );
}

const policy = (rest: string) => `{ "version": 1, "name": "x", ${rest} }\n`;

describe('a list beside its policy', () => {
  test('is judged by the policy: what a stack or agent needs is no finding, what the policy adds is one', async () => {
    const files = {
      [policyPath]: policy('"stacks": ["node"], "agents": ["claude-code"], "allow": ["ghcr.io:443"]'),
      [listPath]: `${header}registry.npmjs.org:443\napi.anthropic.com:443\nplatform.claude.com:443\nclaude.ai:443\nclaude.com:443\nghcr.io:443\n`,
    };
    expect(await lint(files)).toEqual(['no-exfil-capable-host "ghcr.io:443"']);
  });

  test('is judged line by line without one', async () => {
    const files = { [listPath]: `${header}registry.npmjs.org:443\n`, 'package.json': '{}' };
    expect(await lint(files)).toEqual(['no-exfil-capable-host registry.npmjs.org:443']);
  });

  test('keeps the port that a stack needs where the policy closes the others of the host', async () => {
    const files = {
      [policyPath]: policy('"stacks": ["node"], "allow": ["registry.npmjs.org"]'),
      [listPath]: `${header}\n# npm; named in the policy\nregistry.npmjs.org\n`,
    };
    expect(await fix(files, 'no-exfil-capable-host', '"registry.npmjs.org"')).toEqual({
      [policyPath]: policy('"stacks": ["node"], "allow": []'),
      [listPath]: `${header}\n# npm; named in the policy\nregistry.npmjs.org:443\n`,
    });
  });

  test('loses all lines of a host that the policy closes, with their comment', async () => {
    const files = {
      [policyPath]: policy(
        '"allow": ["a.example", { "host": "sentry.io", "ports": [443, 9000], "reason": "errors" }, "sentry.io:8443"]',
      ),
      [listPath]: `${header}\n# named in the policy\na.example\n\n# errors; named in the policy\nsentry.io:443\nsentry.io:9000\nsentry.io:8443\n`,
    };
    expect(await fix(files, 'no-exfil-capable-host', '"sentry.io"')).toEqual({
      [policyPath]: policy('"allow": ["a.example"]'),
      [listPath]: `${header}\n# named in the policy\na.example\n`,
    });
  });

  test('stays as it is where the policy says the same twice', async () => {
    const files = {
      [policyPath]: policy('"allow": ["a.example", "a.example:443"]'),
      [listPath]: `${header}\na.example\n`,
    };
    expect(await lint(files)).toEqual(['no-malformed-allowlist-entry "a.example:443"']);
    expect(await fix(files, 'no-malformed-allowlist-entry', '"a.example:443"')).toEqual({
      ...files,
      [policyPath]: policy('"allow": ["a.example"]'),
    });
  });

  test('may hold ranges, private hosts and other ports', async () => {
    const files = {
      [policyPath]: policy(
        '"allow": [{ "host": "db.example", "ports": [5432], "private": true, "reason": "ours" }, "git.example:22", ".shop.example"]',
      ),
      [listPath]: `${header}\n# ours\ndb.example:5432 private\ngit.example:22\n.shop.example\n`,
    };
    expect(await lint(files)).toEqual([]);
  });

  test('is reported where it opens more or less than the policy', async () => {
    const files = {
      [policyPath]: policy('"stacks": ["python"], "without": ["pypi.org"], "allow": ["a.example"]'),
      [listPath]: `${header}a.example:443\nb.example\npypi.org:443\n`,
    };
    expect(await lint(files)).toEqual([
      'no-allowlist-drift b.example',
      'no-allowlist-drift pypi.org:443',
      'no-allowlist-drift "python"',
      'no-allowlist-drift "allow"',
    ]);
  });

  test('is not asked for where init has not rendered it yet', async () => {
    expect(await lint({ [policyPath]: policy('"allow": ["a.example"]') })).toEqual([]);
  });
});

describe('a policy', () => {
  test('that cannot be parsed is a finding, and the result is not complete', async () => {
    const project = memoryProject({ [config]: '{}', [policyPath]: '{ "version": 1 "name": "x" }' });
    const { findings, complete } = await lintFiles([config], project);
    expect(findings.map(({ ruleId }) => ruleId)).toContain('no-unreadable-file');
    expect(complete).toBe(false);
  });

  test.each([
    [
      'values of wrong types',
      '"allow": [1, null, {}, { "host": 3 }, { "range": [] }], "mode": 3, "stacks": "node"',
    ],
    ['nothing', '"stacks": []'],
  ])('with %s is read as far as it can be', async (_what, rest) => {
    expect(await lint({ [policyPath]: policy(rest) })).toEqual([]);
  });

  test('is read without a container where it is named itself', async () => {
    const files = { [policyPath]: policy('"mode": "observe"'), '.devcontainer/mode': 'observe\n' };
    expect(await lint(files, [policyPath])).toEqual(['no-observe-mode "observe"']);
    expect(await lint(files, ['.devcontainer/mode', policyPath, config])).toEqual([
      'no-observe-mode "observe"',
    ]);
  });
});

describe('a list of another program', () => {
  test('is known by its name and judged', async () => {
    expect(await lint({ [foreign]: 'PyPI.org\n*.shop.example\nwebhook.site # debugging\n' })).toEqual([
      'no-exfil-capable-host webhook.site',
      'no-malformed-allowlist-entry PyPI.org',
      'no-allowlist-drift PyPI.org',
    ]);
  });

  test.each([
    ['::ffff:169.254.169.254', 'error'],
    ['64:ff9b::a9fe:a9fe', 'error'],
    ['10.1.2.3', 'warning'],
    ['198.51.100.7', 'info'],
  ])('may name the address %s', async (text, severity) => {
    const project = memoryProject({ [config]: '{}', [foreign]: `${text}\nshop.example\nbooks.example\n` });
    const { findings } = await lintFiles([config], project);
    const broad = findings.filter(({ ruleId }) => ruleId === 'no-broad-allowlist-entry');
    expect(broad.map((finding) => finding.severity)).toEqual([severity]);
  });

  test('may have a language of its own, and open one service of the own network', async () => {
    const own =
      'JsonList(https://api.test/meta, [web])\nre:^x$\n!pastebin.com\n10.1.2.3:5432\nshop.example\n';
    expect(await lint({ [foreign]: own })).toEqual([]);
  });

  test('is no list where its lines are no hosts', async () => {
    const words = 'The words that\nthe spelling checker\nallows are these\ngithub.com\n';
    expect(await lint({ '.devcontainer/whitelist.txt': words })).toEqual([]);
  });

  test('lacks what the repository asks for, and keeps what is asked for', async () => {
    const files = {
      [foreign]: 'sentry.io\n',
      'package.json': '{}',
      '.mcp.json':
        '{ "mcpServers": { "errors": { "url": "https://mcp.sentry.io/x" }, "docs": { "url": "https://docs.example:8443/" }, "own": { "url": "http://127.0.0.1:1" }, "var": { "url": "https://${HOST}/" } } }',
    };
    expect(await lint(files)).toEqual([
      'no-exfil-capable-host sentry.io',
      'no-allowlist-drift ',
      'no-allowlist-drift "https://mcp.sentry.io/x"',
      'no-allowlist-drift "https://docs.example:8443/"',
    ]);
    const wide = { ...files, [foreign]: '.sentry.io\nregistry.npmjs.org\n' };
    const project = memoryProject({ [config]: '{}', ...wide });
    const { findings } = await lintFiles([config], project);
    expect(findings.find(({ ruleId }) => ruleId === 'no-exfil-capable-host')?.fixes).toEqual([]);
  });
});

describe('findings on thousands of entries', () => {
  const many = 2000;
  const long = (make: (index: number) => string) => Array.from({ length: many }, (_, index) => make(index));

  test.each([
    ['a list', { [listPath]: header + long((index) => `h${index}.github.com\nsentry.io\n`).join('') }],
    [
      'a list of deep names',
      {
        [foreign]: long((index) => `${'a.'.repeat(120)}x${index}.pastebin.com\n`).join(''),
      },
    ],
    [
      'a policy',
      {
        [policyPath]: policy(`"allow": ${JSON.stringify(long((index) => `h${index % 9000}.sentry.io:443`))}`),
      },
    ],
    [
      'one host in a policy',
      {
        [policyPath]: policy(`"allow": ${JSON.stringify(long((index) => `sentry.io:${index + 1}`))}`),
        [listPath]: header + long((index) => `sentry.io:${index + 1}\n`).join(''),
      },
    ],
    ['one long line', { [listPath]: `${header}${'a.'.repeat(500_000)}com\n${'#'.repeat(500_000)}\n` }],
    ['comments', { [listPath]: `${header}\n${'# a\n'.repeat(100_000)}sentry.io\n` }],
  ])('of %s take no long time', async (_what, files) => {
    // The processor's time: other tests run beside this one.
    const start = process.cpuUsage();
    await lint(files);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1500);
  });
});

describe('readEntry', () => {
  test.each([
    ['registry.npmjs.org', 'registry.npmjs.org', []],
    ['.example.com:8443', '.example.com:8443', []],
    ['*.example.com', '.example.com', ['star']],
    ['https://Example.com:8443/x', 'example.com:8443', ['scheme', 'path', 'upper-case']],
    ['example.com.', 'example.com', ['dot-at-end']],
    ['b\u00fccher.example', 'xn--bcher-kva.example', ['foreign-letters']],
    ['a b', 'a', ['words']],
    ['a.example:0', 'a.example:0', ['bad-port']],
    ['a..example', undefined, ['no-name']],
    ['api*.example.com', undefined, ['inner-star', 'no-name']],
    ['1.2.3', undefined, ['no-name']],
    ['user@b\u00fccher.example', undefined, ['foreign-letters', 'no-name']],
  ])('%s', (text, meant, flaws) => {
    const { target, flaws: found } = readEntry(text);
    const host =
      target.kind === 'name' ? target.host + (target.port === undefined ? '' : `:${target.port}`) : undefined;
    expect([host, found]).toEqual([meant, flaws]);
  });

  test.each([
    ['198.51.100.7', '198.51.100.7', undefined],
    ['198.51.100.0/24:5432', '198.51.100.0/24', '5432'],
    ['2001:db8::1', '2001:db8::1', undefined],
    ['2001:db8::/32:443', '2001:db8::/32', '443'],
    ['[2001:db8::1]:443', '2001:db8::1', '443'],
    ['https://198.51.100.7', '198.51.100.7', undefined],
  ])('%s is addresses', (text, address, port) => {
    expect(readEntry(text).target).toMatchObject({ kind: 'addresses', text: address, port });
  });
});

describe('names that look like others', () => {
  test.each([
    ['githab.com', 'githab.com is one letter away from gitlab.com'],
    ['api.githubb.com', 'githubb'],
    ['gihtub.com', 'gihtub'],
    ['g\u00edthub.com', 'letters of another alphabet'],
    ['xn--gthub-zsa.com', 'letters of another alphabet'],
    ['\u0440ypi.org', 'letters of another alphabet'],
    ['p\u0443pi.org', 'letters of another alphabet'],
    ['git\u0131hub.com', 'letters of another alphabet'],
  ])('%s', async (name) => {
    const found = await lint({ [foreign]: `${name}\nshop.example\nbooks.example\n` });
    expect(found).toContain(`no-malformed-allowlist-entry ${name}`);
  });

  test.each([
    'github.com',
    'github.io',
    'gradle.com',
    'shop.example',
    'xn--bcher-kva.example',
    'bun.sh',
    'mypi.org',
  ])('%s is one of its own', async (name) => {
    const found = await lint({ [foreign]: `${name}\n` });
    expect(found.filter((each) => each.startsWith('no-malformed'))).toEqual([]);
  });
});

describe('linesToDelete', () => {
  const text = `${header}\n# one\na.example\n\n# two\nb.example\nc.example\n\nd.example`;
  const file = { path: listPath, text };
  test.each([
    [4, 4, '\n# one\na.example\n'],
    [7, 7, 'b.example\n'],
    [7, 8, '\n# two\nb.example\nc.example\n'],
    [10, 10, '\nd.example'],
  ])('%i to %i', (first, last, deleted) => {
    const { start, end } = linesToDelete(file, first, last);
    expect(text.slice(start, end)).toBe(deleted);
  });

  test('leaves the comment at the top', () => {
    const top = { path: listPath, text: '# why\na.example\n' };
    expect(linesToDelete(top, 2, 2)).toEqual({ start: 6, end: 16 });
  });
});

test('readAllowlist takes blanks, comments, CRLF and a BOM off', () => {
  const text = '\uFEFFa.example\r\n  b.example:22  # why\r\n# c\r\n\r\nd.example private#x';
  const lines = readAllowlist({ path: listPath, text });
  expect(lines.map(({ text, comment, line }) => [text, comment, line])).toEqual([
    ['a.example', '', 1],
    ['b.example:22', 'why', 2],
    ['d.example private', 'x', 5],
  ]);
  for (const { text: entry, at } of lines) expect(text.slice(at.start, at.end)).toBe(entry);
});
