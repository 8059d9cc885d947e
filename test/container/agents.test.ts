import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevContainer, devContainer, missingEngine } from './engine.js';
import { newProject, removeProjects } from './project.js';

const skip = missingEngine() !== undefined;

/** Agents whose program the image installs, and what says its version. */
const programs = {
  'claude-code': 'claude',
  codex: 'codex',
  'gemini-cli': 'gemini',
  'copilot-cli': 'copilot',
  opencode: 'opencode',
  cline: 'cline',
} as const;

// All of them in one image: each download is checked while it is built.
describe.skipIf(skip)('the agents of the image', () => {
  let container: DevContainer;
  let guarded: readonly (readonly [source: string, target: string])[];

  beforeAll(() => {
    const folder = newProject(
      '--stack',
      'none',
      '--agent',
      Object.keys(programs).join(),
      '--mcp',
      'tracker=8123',
    );
    const dockerfile = readFileSync(join(folder, '.devcontainer', 'Dockerfile'), 'utf8');
    guarded = [...dockerfile.matchAll(/^COPY (guards\/\S+) (\S+)$/gm)].map(([, source = '', target = '']) => [
      join(folder, '.devcontainer', source),
      target,
    ]);
    container = devContainer(folder);
  });

  afterAll(removeProjects);

  it.each(Object.entries(programs))('%s tells the version that its preset pins', async (id, program) => {
    const preset = readFileSync(join(import.meta.dirname, '../../presets/agents', `${id}.json`), 'utf8');
    const { version } = JSON.parse(preset) as { version: string };
    expect((await container.exec(`${program} --version`)).stdout).toContain(version);
  });

  it('have their rules where only root can change them', async () => {
    expect(guarded.length).toBeGreaterThan(8);
    for (const [source, target] of guarded) {
      const folder = target.slice(0, target.lastIndexOf('/'));
      const attacks = [
        `echo x >> ${target}`,
        `cp /dev/null ${target}`,
        `mv ${target} ${target}.old`,
        `rm -f ${target}`,
        `chmod 0777 ${target}`,
        `ln -sf /tmp/x ${target}`,
        `mv ${folder} /tmp/moved`,
        `rm -rf ${folder}`,
        `mount --bind /tmp ${folder}`,
      ];
      for (const attack of attacks)
        expect([attack, (await container.attempt(attack)).code]).not.toEqual([attack, 0]);
      const { stdout } = await container.attempt(`stat -c '%U:%G %A' ${target} ${folder}; cat ${target}`);
      const [file = '', parent = '', ...text] = stdout.split('\n');
      expect([target, file]).toEqual([target, expect.stringMatching(/^root:root -rw[x-]r-[x-]r-[x-]$/)]);
      expect([folder, parent]).toEqual([folder, 'root:root drwxr-xr-x']);
      expect(text.join('\n').trimEnd()).toBe(readFileSync(source, 'utf8').trimEnd());
    }
  });

  it('Claude Code takes no server, no file of servers and no marketplace beside those of the policy', async () => {
    const claude = async (command: string) => {
      const { stdout, stderr } = await container.attempt(`claude ${command} </dev/null`);
      return stdout + stderr;
    };
    expect(await claude('mcp add evil -- sh')).toContain('exclusive control');
    expect(await claude(`--mcp-config '{"mcpServers":{"evil":{"command":"sh"}}}' -p hi`)).toContain(
      'disabled by your organization',
    );
    expect(await claude('plugin marketplace add evil/evil')).toContain('blocked by enterprise policy');
    expect(await claude('mcp list')).toContain('http://127.0.0.1:8123/mcp');
  });

  it('Codex falls back to what its requirements say, and starts no other server', async () => {
    await container.attempt(
      `printf 'approval_policy = "never"\\n[mcp_servers.evil]\\ncommand = "sh"\\n' > ~/.codex/config.toml`,
    );
    expect((await container.attempt('codex doctor')).stdout).toMatch(/approval policy +OnRequest/);
    const { stdout } = await container.attempt('codex mcp list');
    expect(stdout).toMatch(/^evil .*disabled: requirements \(\/etc\/codex\/requirements\.toml\)/m);
    expect(stdout).toMatch(/^tracker .*enabled/m);
  });

  it('Gemini CLI stays without its YOLO mode, whatever its user and the environment say', async () => {
    const { stdout, stderr } = await container.attempt(
      `echo '{ "security": { "disableYoloMode": false } }' > ~/.gemini/settings.json; GEMINI_CLI_SYSTEM_SETTINGS_PATH=/dev/null gemini --yolo -p hi </dev/null`,
    );
    expect(stdout + stderr).toContain('YOLO mode is disabled by your administrator');
  });
});
