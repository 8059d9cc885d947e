import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Guard, layOutGuard } from './guard.js';

let guard: Guard;
let server: ChildProcess;
let registries: Record<string, string>;
beforeAll(async () => {
  guard = await layOutGuard();
  server = spawn(process.execPath, [join(import.meta.dirname, 'registry-server.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = (await once(server.stdout ?? server, 'data')) as [Buffer];
  const names = ['npm', 'downloads', 'pypi', 'crates', 'gems', 'go', 'packagist'];
  registries = Object.fromEntries(names.map((name) => [name, `http://127.0.0.1:${String(port).trim()}`]));
  guard.configure({ registries });
  writeFileSync(join(guard.project, 'package.json'), JSON.stringify({ dependencies: { express: '^4' } }));
});
afterAll(() => {
  server.kill();
  guard.remove();
});

describe('a package by name', () => {
  it.each([
    'npm install left-pad',
    'npm i -D left-pad@1.3.0',
    'npm add @scope/name',
    'pnpm add left-pad',
    'yarn add left-pad',
    'bun add left-pad',
    'npm install busy@1.1.0',
    'npm install express',
    'npm install ./local ../other file:x',
    'npm install --prefix dir left-pad',
    'npx left-pad --some flag',
    'pip install requests',
    'pip3 install "requests[socks]>=1"',
    'python3 -m pip install requests==1.0.0',
    'pip install -r requirements.txt',
    'uv pip install requests',
    'uv add requests',
    'cargo add serde',
    'gem install rails',
    'go get example.com/mod@latest',
    'go get example.com/Upper/...',
    'composer require monolog/monolog',
  ])('goes on: %s', (command) => {
    expect(guard.command(command)).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    ['npm install no-such-thing', /has no package no-such-thing/],
    ['npm install left-pad no-such-thing', /has no package no-such-thing/],
    ['npm i brand-new', /brand-new 0\.0\.1 is younger than 3 days; the package is new/],
    ['npm install busy', /busy 1\.2\.0 is younger than 3 days; take 1\.1\.0/],
    ['npm install busy@1.2.0', /younger than 3 days/],
    ['sudo npm install brand-new', /younger/],
    ["bash -c 'npm install brand-new'", /younger/],
    ['cd x && npm install brand-new', /younger/],
    ['npx brand-new', /younger/],
    ['npm exec brand-new', /younger/],
    ['npx -p brand-new x', /younger/],
    ['pnpm dlx brand-new', /younger/],
    ['npm install expres', /expres is one letter away from express/],
    ['npm install timeless', /does not tell when/],
    ['npm install empty', /has no release/],
    ['npm install broken', /is not understood/],
    ['npm install down', /does not tell about down/],
    ['npm install alias@npm:brand-new', /younger/],
    ['npm install github:o/r', /is not a package of the registry/],
    ['npm install o/r', /is not a package of the registry/],
    ['npm install https://example.com/x.tgz', /is not a package of the registry/],
    ['npm install git+https://example.com/x', /is not a package of the registry/],
    ['npm install $NAME', /only known to the shell/],
    ['cat list | xargs npm install', /only known to the shell/],
    ['pip install young', /young 2\.0\.0 is younger than 3 days; take 1\.0\.0/],
    ['pip install git+https://example.com/x', /is not a package of the registry/],
    ['uvx young', /younger/],
    ['cargo add no-such-crate', /has no package/],
    ['go get example.com/mod@v2.0.0', /younger/],
    ['gem install nothing', /has no package/],
  ])('is refused: %s', (command, reason) => {
    const { code, stderr } = guard.command(command);
    expect([code, stderr]).toEqual([2, expect.stringMatching(reason)]);
    expect(guard.log().at(-1)).toMatchObject({ verdict: 'refused' });
  });

  it('is not asked about where the project has its program already', () => {
    mkdirSync(join(guard.project, 'node_modules/.bin'), { recursive: true });
    writeFileSync(join(guard.project, 'node_modules/.bin/vitest'), '');
    expect(guard.command('npx vitest run').code).toBe(0);
  });

  it('needs as many downloads as the policy wants', () => {
    guard.configure({ minimumDownloads: 1000 });
    expect(guard.command('npm install left-pad').code).toBe(0);
    expect(guard.command('npm install busy@1.1.0').stderr).toMatch(
      /fetched 5 times a week, and the policy wants 1000/,
    );
    guard.configure({ minimumDownloads: 0 });
  });

  it('is refused where the registry cannot be asked', () => {
    guard.configure({ registries: { ...registries, npm: 'http://127.0.0.1:9' } });
    expect(guard.command('npm install left-pad').stderr).toMatch(/cannot be asked about left-pad/);
    guard.configure({ registries });
  });
});
