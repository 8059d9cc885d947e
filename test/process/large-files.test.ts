import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { folderOf, program } from './program.js';

const config = '.devcontainer/devcontainer.json';
const plain = '{ "image": "debian:12", "remoteUser": "dev" }\n';
const built = '{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "dev" }\n';
const composed = '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n';

/** Just below what is read, and tens of megabytes. */
const read = 4_000_000;
const refused = 30_000_000;

/** Lines up to so many characters. */
function lines(size: number, make: (index: number) => string): string {
  const parts: string[] = [];
  for (let length = 0, index = 0; length < size; index += 1) {
    const line = make(index);
    length += line.length;
    if (length <= size - 200) parts.push(line);
  }
  return parts.join('');
}

/** Per dialect the file that is large, its text of a size, and what stands beside it. */
const cases: Readonly<
  Record<string, readonly [string, (size: number) => string, Readonly<Record<string, string>>?]>
> = {
  'properties of JSON': [
    config,
    (size) => `{ ${lines(size, (i) => `"k${i}": ${i},\n`)} "image": "debian:12" }`,
  ],
  'mounts of JSON': [
    config,
    (size) => `{ "mounts": [ ${lines(size, (i) => `"type=bind,source=/a${i},target=/b${i}",\n`)} "a:b" ] }`,
  ],
  'brackets of JSON': [config, (size) => '['.repeat(size)],
  'a string that does not end': [config, (size) => `{ "image": "${'a\\"'.repeat(size / 4)}`],
  'settings of an agent': [
    '.claude/settings.json',
    (size) => `{ "permissions": { "allow": [ ${lines(size, (i) => `"Bash(a${i} *)",\n`)} "Read" ] } }`,
  ],
  'MCP servers': [
    '.mcp.json',
    (size) =>
      `{ "mcpServers": { ${lines(size, (i) => `"s${i}": { "command": "npx", "args": ["-y", "x${i}"] },\n`)} "z": {} } }`,
  ],
  YAML: [
    '.devcontainer/compose.yaml',
    (size) => `services:\n${lines(size, (i) => `  s${i}: { image: a }\n`)}`,
    { [config]: composed },
  ],
  TOML: ['.codex/config.toml', (size) => lines(size, (i) => `k${i} = ${i}\n`)],
  'instructions of a Dockerfile': [
    '.devcontainer/Dockerfile',
    (size) => `FROM debian:12\n${lines(size, () => 'RUN curl -fsSL https://a.test/x | sh\n')}`,
    { [config]: built },
  ],
  'one instruction of a Dockerfile': [
    '.devcontainer/Dockerfile',
    (size) => `FROM debian:12\nRUN ${lines(size, () => 'echo a && \\\n')}b\n`,
    { [config]: built },
  ],
  'a shell script': [
    '.devcontainer/init-firewall.sh',
    (size) => `#!/bin/bash\n${lines(size, () => 'iptables -A OUTPUT -d 1.2.3.4 -j ACCEPT\n')}`,
    { [config]: '{ "image": "debian:12", "postStartCommand": "bash .devcontainer/init-firewall.sh" }' },
  ],
  'an allowlist': [
    '.devcontainer/allowlist',
    (size) => `# Written by harden-devcontainer.\n${lines(size, (i) => `h${i}.example\n`)}`,
  ],
  'an ignore file': ['.gitignore', (size) => lines(size, () => 'a*b*c*d\n!x/**/y\n')],
  'variables of compose': [
    '.devcontainer/.env',
    (size) => lines(size, () => 'A=${B}x\n'),
    { [config]: composed, '.devcontainer/compose.yaml': 'services: { app: { image: "${A}" } }' },
  ],
};

function lintWith(files: Readonly<Record<string, string>>) {
  const folder = folderOf({ [config]: plain, ...files });
  const { status, signal, stderr, stdout } = spawnSync(
    process.execPath,
    ['--max-old-space-size=1500', program, 'lint', '--format', 'json', '--fail-on', 'never'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1e9, timeout: 300_000 },
  );
  rmSync(folder, { recursive: true });
  return { status, signal, stderr, stdout };
}

describe.each(Object.entries(cases))('a large file, %s,', (_, [path, make, others = {}]) => {
  test(`of ${read / 1e6} megabytes is judged or refused, in bounded memory and time`, () => {
    const { status, signal, stderr } = lintWith({ ...others, [path]: make(read) });
    expect({ signal, stderr }).toEqual({ signal: null, stderr: '' });
    expect([0, 2]).toContain(status);
  });

  test(`of ${refused / 1e6} megabytes is refused, at its place`, () => {
    const { status, signal, stderr, stdout } = lintWith({ ...others, [path]: make(refused) });
    // Without its patterns more is looked at, not less.
    if (path === '.gitignore') return expect(status).toBe(0);
    expect({ status, signal, stderr }).toEqual({ status: 2, signal: null, stderr: '' });
    const { findings } = JSON.parse(stdout);
    expect(JSON.stringify(findings)).toContain('is larger than 4 MiB, so it is not read');
  });
});
