import { describe, expect, it } from 'vitest';
import { toGuards } from '../../../src/policy/guards.js';
import { agentIds } from '../../../src/policy/policy.js';
import { renderGuards } from '../../../src/scaffold/guards/guard-files.js';
import { full, plain, read, textOf } from './guard-texts.js';

describe('the enforced forms', () => {
  it('lie in places of the system, each under a name of its own in the project', () => {
    const files = renderGuards(agentIds, full);
    for (const { target } of files) expect(target).toMatch(/^\/etc\/[a-z-]+\/[A-Za-z./_-]+$/);
    expect(new Set(files.map(({ source }) => source)).size).toBe(files.length);
    expect(files.filter(({ executable }) => executable).map(({ target }) => target)).toEqual([
      '/etc/cline/hooks/PreToolUse',
    ]);
  });

  it('call the guard before every tool, in the form of each agent', async () => {
    const guard = '/usr/local/lib/harden-devcontainer/guard';
    const claude = await read(plain, '/etc/claude-code/managed-settings.json');
    expect(claude.hooks.PreToolUse[0]).toMatchObject({
      matcher: '*',
      hooks: [{ command: `${guard} claude-code`, onFailure: 'block' }],
    });
    const codex = await read(plain, '/etc/codex/requirements.toml');
    expect(codex.hooks.PreToolUse).toEqual([
      { hooks: [{ type: 'command', command: `${guard} codex`, timeout: 60 }] },
    ]);
    expect(codex.hooks.managed_dir).toBe('/usr/local/lib/harden-devcontainer');
    const gemini = await read(plain, '/etc/gemini-cli/settings.json');
    expect(gemini.hooks.BeforeTool[0].hooks[0]).toMatchObject({
      command: `${guard} gemini-cli`,
      timeout: 60_000,
    });
    const copilot = await read(plain, '/etc/github-copilot/policy.d/harden-devcontainer.json');
    expect(copilot.hooks.preToolUse[0]).toMatchObject({ exec: guard, args: ['copilot-cli'] });
    const cursor = await read(plain, '/etc/cursor/hooks.json');
    expect(cursor.hooks.beforeShellExecution[0]).toMatchObject({
      command: `${guard} cursor`,
      failClosed: true,
    });
    expect(textOf(plain, '/etc/cline/hooks/PreToolUse')).toBe(`#!/bin/sh\nexec ${guard} cline\n`);
    const { plugin } = await read(plain, '/etc/opencode/opencode.json');
    expect(plugin).toEqual(['file:///usr/local/lib/harden-devcontainer/opencode-guard.js']);
  });

  it('let nobody switch the questions off, unless the policy says so', async () => {
    const bypass = { ...plain, guards: toGuards({ bypass: true }) };
    const claude = '/etc/claude-code/managed-settings.json';
    expect(await read(plain, claude)).toMatchObject({
      permissions: { disableBypassPermissionsMode: 'disable', disableAutoMode: 'disable' },
      allowManagedPermissionRulesOnly: true,
      allowManagedHooksOnly: true,
    });
    expect((await read(bypass, claude)).permissions).not.toHaveProperty('disableBypassPermissionsMode');
    const codex = '/etc/codex/requirements.toml';
    expect((await read(plain, codex)).allowed_approval_policies).toEqual(['on-request']);
    expect((await read(bypass, codex)).allowed_approval_policies).toEqual(['on-request', 'never']);
    const gemini = '/etc/gemini-cli/settings.json';
    expect((await read(plain, gemini)).security.disableYoloMode).toBe(true);
    expect((await read(bypass, gemini)).security.disableYoloMode).toBe(false);
    const copilot = '/etc/github-copilot/managed-settings.json';
    expect((await read(plain, copilot)).permissions.disableBypassPermissionsMode).toBe('disable');
    const opencode = '/etc/opencode/opencode.json';
    expect((await read(plain, opencode)).permission.bash['*']).toBe('ask');
    expect((await read(bypass, opencode)).permission.bash['*']).toBe('allow');
  });

  it('know exactly the MCP servers of the policy', async () => {
    expect(await read(full, '/etc/claude-code/managed-settings.json')).toMatchObject({
      allowManagedMcpServersOnly: true,
      allowedMcpServers: [
        { serverCommand: ['socat', '-', 'TCP4:127.0.0.1:20001,nodelay'] },
        { serverUrl: 'http://127.0.0.1:8123/mcp' },
      ],
    });
    expect((await read(plain, '/etc/claude-code/managed-settings.json')).allowedMcpServers).toEqual([]);
    expect((await read(full, '/etc/claude-code/managed-mcp.json')).mcpServers).toEqual(
      Object.fromEntries(full.servers),
    );
    expect((await read(full, '/etc/codex/requirements.toml')).mcp_servers).toEqual({
      tracker: { identity: { command: 'socat' } },
      docs: { identity: { url: 'http://127.0.0.1:8123/mcp' } },
    });
    expect((await read(plain, '/etc/codex/requirements.toml')).mcp_servers).toEqual({});
    const gemini = await read(full, '/etc/gemini-cli/settings.json');
    expect(gemini.mcp.allowed).toEqual(Object.keys(gemini.mcpServers));
    expect((await read(plain, '/etc/gemini-cli/settings.json')).mcp.allowed).not.toEqual([]);
    expect((await read(full, '/etc/opencode/opencode.json')).mcp).toEqual({
      tracker: { type: 'local', command: ['socat', '-', 'TCP4:127.0.0.1:20001,nodelay'], enabled: true },
      docs: { type: 'remote', url: 'http://127.0.0.1:8123/mcp', enabled: true },
    });
  });

  it('ask before a push in the words of each agent, and not where the policy leaves it out', async () => {
    const claude = await read(plain, '/etc/claude-code/managed-settings.json');
    expect(claude.permissions.ask).toContain('Bash(git push *)');
    const codex = await read(plain, '/etc/codex/requirements.toml');
    expect(codex.rules.prefix_rules[0]).toMatchObject({
      pattern: [{ token: 'git' }, { token: 'push' }],
      decision: 'prompt',
    });
    const none = { ...plain, guards: toGuards({ approve: [] }) };
    expect(await read(none, '/etc/codex/requirements.toml')).not.toHaveProperty('rules');
    expect(textOf(none, '/etc/gemini-cli/policies/harden-devcontainer.toml')).not.toContain('commandPrefix');
    const publish = { ...plain, guards: toGuards({ approve: ['publish'] }) };
    const { ask } = (await read(publish, '/etc/github-copilot/managed-settings.json')).permissions;
    expect(ask).toContain('Shell(npm publish *)');
    expect(ask).not.toContain('Shell(git push *)');
  });

  it("match a file's path in Gemini's arguments, and no other", async () => {
    const { rule } = await read(full, '/etc/gemini-cli/policies/harden-devcontainer.toml');
    const denies = (path: string): boolean =>
      rule.some(
        (one: { decision: string; argsPattern?: string }) =>
          one.decision === 'deny' &&
          new RegExp(one.argsPattern ?? '$.').test(JSON.stringify({ file_path: path })),
      );
    const closed = [
      '.env',
      '/workspaces/x/.env',
      '/home/dev/.ssh/id_work',
      'a/server.key',
      'config/prod.env.bak',
    ];
    for (const path of [...closed, '/proc/self/environ']) expect([path, denies(path)]).toEqual([path, true]);
    for (const path of ['.env.example', 'src/env.ts', 'docs/ssh.md', 'src/key.ts', 'proc/1/environ'])
      expect([path, denies(path)]).toEqual([path, false]);
  });

  it("put OpenCode's exceptions behind the catch-all, since the last one that fits decides", async () => {
    const { permission } = await read(full, '/etc/opencode/opencode.json');
    for (const tool of ['read', 'edit', 'bash']) expect(Object.keys(permission[tool])[0]).toBe('*');
    const edits = Object.entries(permission.edit);
    expect(edits.findLastIndex(([, action]) => action === 'ask')).toBeLessThan(
      edits.findIndex(([, action]) => action === 'deny'),
    );
  });
});
