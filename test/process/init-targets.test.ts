import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { targetIds } from '../../src/policy/policy.js';
import { folderOf, run } from './program.js';

describe('init --target, bundled', () => {
  it.each(targetIds)('%s writes a container that lint finds nothing in, and says what is lost', (id) => {
    const folder = folderOf({});
    const { status, stderr } = run(folder, 'init', '--yes', '--target', id, '--accept-loss', 'firewall');
    expect([status, stderr]).toEqual([0, expect.stringContaining('Lost or weaker there')]);
    const readme = readFileSync(join(folder, '.devcontainer/README.md'), 'utf8');
    expect(readme).toContain('lost or weaker');
    expect(run(folder, 'lint', '--persona', 'pedantic', '--fail-on', 'warning').status).toBe(0);
    expect(run(folder, 'init', '--check').status).toBe(0);
  });
});
