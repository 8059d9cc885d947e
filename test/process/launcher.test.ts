import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { folderOf, program } from './program.js';

const configuration = '{ "image": "debian:12", "remoteUser": "dev", "privileged": true }\n';

/** An installation of its own: the tests beside this one use the built program's. */
function install(): string {
  const folder = folderOf({});
  const root = dirname(dirname(program));
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  cpSync(dirname(program), join(folder, 'dist'), {
    recursive: true,
    filter: (path) => !/code-cache|\/types/.test(path),
  });
  for (const name of ['templates', 'presets', 'schemas']) symlinkSync(join(root, name), join(folder, name));
  // What mkdtemp makes is closed to other users.
  chmodSync(folder, 0o755);
  return folder;
}

describe('V8’s code of earlier runs', () => {
  let home = '';
  let repository = '';
  beforeEach(() => {
    home = install();
    repository = folderOf({ '.devcontainer.json': configuration });
    chmodSync(repository, 0o755);
  });

  const run = (
    args: readonly string[],
    options: { env?: NodeJS.ProcessEnv; uid?: number; node?: string[] } = {},
  ) => {
    const { env, uid, node = [] } = options;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...node, join(home, 'dist/bin.js'), ...args],
      {
        cwd: repository,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, ...env },
        ...(uid !== undefined && { uid, gid: uid }),
      },
    );
    return { status, stdout, stderr };
  };
  const cache = () => join(home, 'dist/code-cache');
  /** Each file that is kept with what tells whether it was written again. */
  const kept = () =>
    Object.fromEntries(
      readdirSync(cache(), { recursive: true, encoding: 'utf8' })
        .filter((path) => statSync(join(cache(), path)).isFile())
        .map((path) => [path, statSync(join(cache(), path)).ino] as const),
    );

  test('is kept, used and left as it is', () => {
    const first = run(['lint']);
    expect(first).toMatchObject({ status: 1, stderr: '' });
    const files = kept();
    expect(Object.keys(files).length).toBeGreaterThan(3);
    expect(Object.keys(files).filter((path) => !path.endsWith('.bin'))).toEqual([]);
    expect(run(['lint'])).toEqual(first);
    expect(kept()).toEqual(files);
  });

  test('is no other for other commands', () => {
    const version = run(['--version']);
    const files = kept();
    const lint = run(['lint']);
    const more = kept();
    expect(Object.keys(more)).toEqual(expect.arrayContaining(Object.keys(files)));
    // The chunks that both load are kept anew, with what the second needs of them.
    for (const path of Object.keys(files))
      if (!path.includes('full-parser')) expect(more[path]).not.toBe(files[path]);
    expect(run(['--version'])).toEqual(version);
    expect(run(['lint'])).toEqual(lint);
    expect(kept()).toEqual(more);
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['cut off', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    ['full of zeros', (bytes) => Buffer.alloc(bytes.length)],
    [
      'of another version',
      (bytes) => Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(4, 7), bytes.subarray(8)]),
    ],
    ['other text', () => Buffer.from('console.log("not ours")\n')],
    [
      'broken inside',
      (bytes) => Buffer.concat([bytes.subarray(0, bytes.length - 999), Buffer.alloc(999, 1)]),
    ],
  ])('is made anew where it is %s', (_name, damage) => {
    const first = run(['lint']);
    const files = Object.keys(kept()).map((path) => join(cache(), path));
    for (const path of files) writeFileSync(path, damage(readFileSync(path)));
    const damaged = kept();
    expect(run(['lint'])).toEqual(first);
    const mended = kept();
    for (const path of Object.keys(damaged)) expect(mended[path]).not.toBe(damaged[path]);
    expect(run(['lint'])).toEqual(first);
    expect(kept()).toEqual(mended);
  });

  test('is made anew for other flags of V8', () => {
    const first = run(['lint']);
    expect(run(['lint'], { node: ['--no-opt', '--stack-size=900'] })).toEqual(first);
    expect(run(['lint'])).toEqual(first);
  });

  test.each(['NODE_DISABLE_COMPILE_CACHE', 'NODE_V8_COVERAGE'])('is not kept where %s is set', (name) => {
    const value = name.endsWith('COVERAGE') ? folderOf({}) : '1';
    expect(run(['lint'], { env: { [name]: value } })).toMatchObject({ status: 1, stderr: '' });
    expect(existsSync(cache())).toBe(false);
  });

  test('is written by the owner of the program alone, and open to no other', () => {
    if (process.getuid?.() !== 0) return;
    const stranger = 65_534;
    const first = run(['lint'], { uid: stranger });
    expect(first).toMatchObject({ status: 1, stderr: '' });
    expect(existsSync(cache())).toBe(false);
    // Even where the stranger could: what root would run later is not taken from them.
    chmodSync(join(home, 'dist'), 0o777);
    run(['lint'], { uid: stranger });
    expect(existsSync(cache())).toBe(false);
    spawnSync('sh', ['-c', `umask 0; exec "${process.execPath}" "${join(home, 'dist/bin.js')}" lint`], {
      cwd: repository,
    });
    const paths = readdirSync(cache(), { recursive: true, encoding: 'utf8' }).map((path) =>
      join(cache(), path),
    );
    expect(paths.length).toBeGreaterThan(3);
    for (const path of [cache(), ...paths]) expect(statSync(path).mode & 0o022, path).toBe(0);
  });

  test('is no reason to fail where it cannot be written', () => {
    mkdirSync(dirname(cache()), { recursive: true });
    writeFileSync(cache(), 'a file is in its place');
    const first = run(['lint']);
    expect(first).toMatchObject({ status: 1, stderr: '' });
    expect(run(['lint'])).toEqual(first);
  });

  test('is whole while many begin at once', async () => {
    const all = spawnSync(
      'sh',
      [
        '-c',
        `for i in 1 2 3 4 5 6 7 8; do "${process.execPath}" "${join(home, 'dist/bin.js')}" lint & done; wait`,
      ],
      { cwd: repository, encoding: 'utf8' },
    );
    expect(all.stderr).toBe('');
    expect(Object.keys(kept()).filter((path) => !path.endsWith('.bin'))).toEqual([]);
    expect(run(['lint'])).toMatchObject({ status: 1, stderr: '' });
  });
});

test('an error of the program still says where it is', () => {
  const home = install();
  const name = readdirSync(join(home, 'dist/chunks')).find((file) => file.startsWith('text-')) ?? '';
  const path = join(home, 'dist/chunks', name);
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(/^.*$/m, (line) => `${line}\nthrow new Error('planted');`),
  );
  const repository = folderOf({ '.devcontainer.json': configuration });
  const { status, stderr } = spawnSync(process.execPath, [join(home, 'dist/bin.js'), 'lint'], {
    cwd: repository,
    encoding: 'utf8',
  });
  expect(status).toBe(3);
  expect(stderr).toContain(`${path}:2:`);
});
