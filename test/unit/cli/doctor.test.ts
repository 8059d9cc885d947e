import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSettings } from '../../../src/cli/doctor-editors.js';
import { judgeSettings } from '../../../src/cli/doctor-report.js';
import { hostSettings } from '../../../src/cli/editor-settings.js';
import { folderWith, runCli } from './run-cli.js';

const user = '.config/Code/User/settings.json';
const closed = Object.fromEntries(hostSettings.map(({ key, wanted }) => [key, wanted]));

async function doctor(files: Readonly<Record<string, string>>, argv: readonly string[] = [], env = {}) {
  const home = folderWith(files);
  return { home, ...(await runCli(['doctor', ...argv], home, { env: { HOME: home, ...env } })) };
}

describe('doctor', () => {
  it('finds nothing where everything is closed', async () => {
    const { code, stdout } = await doctor({ [user]: JSON.stringify(closed) });
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing is left open'),
    });
  });

  it('prints lines that close what is open', async () => {
    const { code, stdout } = await doctor({ [user]: '{ // mine\n  "editor.fontSize": 12,\n}\n' });
    expect(code).toBe(1);
    const lines = stdout.split('\n').filter((line) => /^ {4}"/.test(line));
    const added = JSON.parse(`{${lines.join('').replace(/,$/, '')}}`) as Record<string, unknown>;
    expect(judgeSettings(added, 'linux')).toEqual([]);
    expect(added).toHaveProperty('dev.containers.copyGitConfig', false);
  });

  it('asks nothing of what an editor does by itself', () => {
    const keys = judgeSettings({}, 'linux').map(({ name }) => name);
    expect(keys).not.toContain('security.workspace.trust.enabled');
    expect(
      judgeSettings({ 'security.workspace.trust.enabled': false }, 'linux').map(({ name }) => name),
    ).toContain('security.workspace.trust.enabled');
  });

  it('names Windows and Linux things where they are of use', () => {
    const names = (machine: 'linux' | 'windows' | 'other') =>
      judgeSettings({}, machine).map(({ name }) => name);
    expect(names('linux')).toContain('dev.containers.mountWaylandSocket');
    expect(names('linux')).not.toContain('dev.containers.forwardWSLServices');
    expect(names('windows')).toContain('dev.containers.forwardWSLServices');
    expect(names('other')).not.toContain('dev.containers.mountWaylandSocket');
  });

  it('tells of the environment, and how to start an editor without it', async () => {
    const { code, stdout } = await doctor({ [user]: JSON.stringify(closed) }, [], {
      SSH_AUTH_SOCK: '/tmp/s\u001b[2J',
    });
    expect(code).toBe(1);
    expect(stdout).toContain('env -u SSH_AUTH_SOCK code .');
    expect(stdout).not.toContain('\u001b');
  });

  it('takes an editor without settings, and an empty file, for one with none', async () => {
    for (const text of ['', '{}'])
      expect((await doctor({ [user]: text })).stdout).toContain('"dev.containers.copyGitConfig": false');
    expect((await doctor({ '.config/Code/x': '' })).code).toBe(1);
  });

  it('says where settings cannot be read, since the editor reads none of them either', async () => {
    const { code, stderr } = await doctor({ [user]: '{ "a": 1' });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('settings.json:1:') });
    expect(await doctor({ [user]: '[]' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not an object'),
    });
    expect(await doctor({}, ['--settings', 'gone.json'])).toMatchObject({ code: 2 });
  });

  it('is read by programs as JSON', async () => {
    const { stdout } = await doctor({ [user]: '{}' }, ['--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      editors: [
        { editor: 'VS Code', open: expect.arrayContaining([expect.objectContaining({ wanted: 'none' })]) },
      ],
      environment: [],
    });
  });

  it('looks where each system keeps settings, and into profiles', () => {
    const home = folderWith({
      [user]: '{}',
      '.config/Code/User/profiles/ab/settings.json': '{}',
      '.config/Code/User/profiles/empty/x': '',
      'Library/Application Support/Cursor/User/settings.json': '{}',
      'AppData/Windsurf/User/settings.json': '{}',
    });
    const names = (platform: NodeJS.Platform) =>
      findSettings({ HOME: home, APPDATA: join(home, 'AppData') }, platform).map(({ path }) =>
        path.slice(home.length + 1).replaceAll('\\', '/'),
      );
    expect(names('linux')).toEqual([user, '.config/Code/User/profiles/ab/settings.json']);
    expect(names('darwin')).toEqual(['Library/Application Support/Cursor/User/settings.json']);
    expect(names('win32')).toEqual(['AppData/Windsurf/User/settings.json']);
  });
});
