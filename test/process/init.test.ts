import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

// The program as it is published: templates, presets and validators have to be found from there too.
const bin = join(dirname(fileURLToPath(import.meta.url)), '../../dist/bin.js');
const root = mkdtempSync(join(tmpdir(), 'bundle-'));
const run = (...argv: string[]) =>
  spawnSync(process.execPath, [bin, ...argv], { cwd: root, encoding: 'utf8' });

afterAll(() => rmSync(root, { recursive: true }));

describe('init, bundled', () => {
  it('writes a container that lint finds nothing in, even as pedantic', () => {
    const flags = ['--stack', 'node,python', '--mcp', 'tracker=8123', '--allow', 'a.test'];
    const written = run('init', '--yes', ...flags);
    expect([written.status, written.stderr]).toEqual([0, expect.stringContaining('a.test')]);
    expect(readFileSync(join(root, '.devcontainer/Dockerfile'), 'utf8')).toContain('ENTRYPOINT');
    expect(run('init', '--check').stderr).toContain('nothing to change');
    expect(run('lint', '--persona', 'pedantic').status).toBe(0);
  });

  it('refuses a hostile policy like the sources', () => {
    const { status, stderr } = run('init', '--yes', '--allow', 'evil.test$(id)');
    expect([status, stderr]).toEqual([2, expect.stringContaining('is not a host name')]);
  });
});
