import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTar, writeTar } from '../../../src/project/tar.js';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(bytes: Uint8Array, size = 65_536): Promise<Record<string, string>> {
  const files = new Map<string, Uint8Array[]>();
  for await (const { path, bytes: piece } of readTar(inPieces(bytes, size))) {
    const pieces = files.get(path) ?? [];
    files.set(path, pieces);
    pieces.push(piece);
  }
  return Object.fromEntries([...files].map(([path, pieces]) => [path, Buffer.concat(pieces).toString()]));
}

describe('an archive', () => {
  test('of the system is read: its regular files and nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tar-'));
    mkdirSync(join(folder, 'log/proxy'), { recursive: true });
    writeFileSync(join(folder, 'log/proxy/current'), 'one\ntwo\n');
    writeFileSync(join(folder, 'log/empty'), '');
    writeFileSync(join(folder, 'log/big'), 'x'.repeat(10_000));
    symlinkSync('/etc/passwd', join(folder, 'log/link'));
    const bytes = execFileSync('tar', ['-C', folder, '-cf', '-', 'log'], { maxBuffer: 1e7 });
    for (const size of [1, 7, 512, 700, 65_536])
      expect(await read(bytes, size)).toEqual({
        'log/proxy/current': 'one\ntwo\n',
        'log/big': 'x'.repeat(10_000),
      });
  });

  test('that we write is the same for the system: owned by root, readable for all', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tar-'));
    const bytes = writeTar([
      { path: 'allowlist', text: 'pypi.org\n' },
      { path: 'other', text: 'ü'.repeat(600) },
    ]);
    const listing = execFileSync('tar', ['--numeric-owner', '-tvf', '-'], { input: bytes, encoding: 'utf8' });
    expect(listing).toMatch(/^-rw-r--r-- 0\/0 +9 .* allowlist\n-rw-r--r-- 0\/0 +1200 .* other\n$/);
    execFileSync('tar', ['-C', folder, '-xf', '-'], { input: bytes });
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('ü'.repeat(600));
    expect(statSync(join(folder, 'allowlist')).mode & 0o777).toBe(0o644);
  });

  test('comes back as it was written, in pieces of any size', async () => {
    const file = fc.record({
      path: fc.stringMatching(/^[a-z]{1,20}$/),
      text: fc.string({ minLength: 1, maxLength: 1500 }),
    });
    const files = fc.uniqueArray(file, { maxLength: 4, selector: ({ path }) => path });
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 1, max: 2000 }), async (files, size) => {
        const expected = Object.fromEntries(
          files.map(({ path, text }) => [path, Buffer.from(text).toString()]),
        );
        expect(await read(writeTar(files), size)).toEqual(expected);
      }),
    );
  });

  test.each([
    ['ends too early', writeTar([{ path: 'a', text: 'x'.repeat(2000) }]).subarray(0, 1200), /ends too early/],
    ['is none', Buffer.from('Error: no such thing\n'.repeat(50)), /not a tar archive/],
    [
      'has a header that was changed',
      Buffer.from(writeTar([{ path: 'a', text: 'x' }])).fill(66, 0, 1),
      /not a tar archive/,
    ],
  ])('that %s is an error', async (_what, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(message);
  });
});
