import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, runCli } from './run-cli.js';

const init = (folder: string, ...flags: readonly string[]) => runCli(['init', '--yes', ...flags], folder);

describe('init --target', () => {
  it('refuses to pretend: exit 2, what is lost, and the flag that accepts it; nothing written', async () => {
    const folder = folderWith({});
    const { code, stderr } = await init(folder, '--target', 'envbuilder');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/no firewall is set.*--accept-loss firewall/)]);
    expect(existsSync(join(folder, '.devcontainer'))).toBe(false);
  });

  it('names the targets where one is not known', async () => {
    const { code, stderr } = await init(folderWith({}), '--target', 'podmann');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--target: "podmann" .*did you mean podman/)]);
  });

  it('says in the image whether the firewall may be missing', async () => {
    const folder = folderWith({});
    await init(folder, '--target', 'envbuilder', '--accept-loss', 'firewall');
    const image = () => readFileSync(join(folder, '.devcontainer/Dockerfile'), 'utf8');
    expect(image()).toContain('may-be-open');
    const other = folderWith({});
    await init(other, '--target', 'docker');
    expect(readFileSync(join(other, '.devcontainer/Dockerfile'), 'utf8')).not.toContain('may-be-open');
  });
});
