import type { ClientEntry } from '../../policy/mcp-config.js';
import { askedCommands, type GuardFile, type GuardInput, guardProgram, guardTimeout } from './guard-input.js';
import { toml, tomlKey } from './toml.js';

/**
 * Requirements, which no configuration and no flag gets past, and managed defaults. Codex' own sandbox needs namespaces that a
 * container without capabilities does not give, so the container stands in for it; then "on-request" asks for what the rules
 * name and for nothing else.
 * Source: developers.openai.com/codex/enterprise/managed-configuration, tried with 0.169.0.
 */
export function guardCodex(input: GuardInput): readonly GuardFile[] {
  const { guards, servers } = input;
  const policies = guards.bypass ? ['on-request', 'never'] : ['on-request'];
  const commands = askedCommands(input);
  const requirements = [
    header,
    `allowed_approval_policies = ${toml(policies)}`,
    'allowed_sandbox_modes = ["danger-full-access", "workspace-write", "read-only"]',
    // Searches would leave through OpenAI, past the allowlist.
    'allowed_web_search_modes = ["disabled"]',
    'allow_managed_hooks_only = true',
    '',
    '[hooks]',
    `managed_dir = ${toml(guardProgram.slice(0, guardProgram.lastIndexOf('/')))}`,
    '',
    '[[hooks.PreToolUse]]',
    '',
    '[[hooks.PreToolUse.hooks]]',
    'type = "command"',
    `command = ${toml(`${guardProgram} codex`)}`,
    `timeout = ${guardTimeout}`,
    '',
    // An empty table closes every server.
    '[mcp_servers]',
    ...servers.flatMap(([name, entry]) => [
      `[mcp_servers.${tomlKey(name)}.identity]`,
      'url' in entry ? `url = ${toml(entry.url)}` : `command = ${toml(entry.command)}`,
    ]),
    ...(commands.length > 0 ? ['', '[rules]', 'prefix_rules = [', ...commands.map(promptRule), ']'] : []),
  ];
  const defaults = [
    header,
    'sandbox_mode = "danger-full-access"',
    ...(guards.bypass ? [] : ['approval_policy = "on-request"']),
    'web_search = "disabled"',
    'check_for_update_on_startup = false',
    '',
    '[analytics]',
    'enabled = false',
    '',
    '[feedback]',
    'enabled = false',
    ...servers.flatMap(([name, entry]) => ['', `[mcp_servers.${tomlKey(name)}]`, ...codexServer(entry)]),
  ];
  return [
    { target: '/etc/codex/requirements.toml', text: `${requirements.join('\n')}\n` },
    { target: '/etc/codex/managed_config.toml', text: `${defaults.join('\n')}\n` },
  ];
}

const header = '# Written by harden-devcontainer from harden-devcontainer.jsonc.';

/** A server's lines in a table of its own. */
export function codexServer(entry: ClientEntry): readonly string[] {
  return 'url' in entry
    ? [`url = ${toml(entry.url)}`]
    : [`command = ${toml(entry.command)}`, `args = ${toml(entry.args)}`];
}

function promptRule(command: string): string {
  const pattern = command.split(' ').map((token) => ({ token }));
  return `  ${toml({ pattern, decision: 'prompt', justification: 'a person approves this first' })},`;
}
