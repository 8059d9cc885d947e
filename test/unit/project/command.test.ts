import { describe, expect, test } from 'vitest';
import { findProgram, runCommand } from '../../../src/project/command.js';

const env = { PATH: '/usr/bin:/bin' };
const shell = (script: string, options: { timeout?: number; mostOutput?: number; input?: Uint8Array } = {}) =>
  runCommand('/bin/sh', ['-c', script], { env, timeout: 10_000, ...options });

describe('a program', () => {
  test('gives what it prints and its exit code', async () => {
    expect(await shell('printf out; printf err >&2; exit 7')).toEqual({
      code: 7,
      stdout: 'out',
      stderr: 'err',
    });
  });

  test('gets its input, and may leave it', async () => {
    const input = Buffer.alloc(3_000_000, 'x');
    expect((await shell('wc -c', { input })).stdout.trim()).toBe('3000000');
    expect((await shell('exec <&-; exit 3', { input })).code).toBe(3);
  });

  test('gets its arguments as they are, through no shell', async () => {
    const { stdout } = await runCommand('/usr/bin/printf', ['%s|', '$(id)', '`id`', 'a b'], {
      env,
      timeout: 10_000,
    });
    expect(stdout).toBe('$(id)|`id`|a b|');
  });

  test('that hangs is ended', async () => {
    await expect(shell('exec sleep 60', { timeout: 100 })).rejects.toThrow(
      '/bin/sh does not answer within 0.1 s',
    );
  });

  test('that prints without end is ended', async () => {
    await expect(shell('exec yes', { mostOutput: 1024 * 1024 })).rejects.toThrow(
      '/bin/sh prints more than 1 MiB',
    );
  });

  test('that says a lot on stderr is not held up, and not kept whole', async () => {
    const { code, stderr } = await shell('yes x | head -c 5000000 >&2; exit 4');
    expect(code).toBe(4);
    expect(stderr.length).toBeLessThan(1_000_000);
  });

  test('that is not there is an error', async () => {
    await expect(runCommand('/nowhere/x', [], { env, timeout: 1000 })).rejects.toThrow(
      '/nowhere/x cannot be run: spawn /nowhere/x ENOENT',
    );
  });

  test('is looked for in absolute folders of PATH only', () => {
    expect(findProgram('sh', { PATH: '/nowhere:/bin' })).toBe('/bin/sh');
    for (const PATH of ['', '.', ':', 'bin', '../../../../../../bin'])
      expect(findProgram('sh', { PATH }), PATH).toBeUndefined();
    expect(findProgram('sh', {})).toBeUndefined();
    // A folder, and a file that cannot be run.
    expect(findProgram('bin', { PATH: '/usr' })).toBeUndefined();
    expect(findProgram('passwd', { PATH: '/etc' })).toBeUndefined();
  });
});
