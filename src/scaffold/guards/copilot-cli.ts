import { claudePath } from './claude-code.js';
import {
  askedCommands,
  askedFiles,
  deniedFiles,
  type GuardFile,
  type GuardInput,
  guardProgram,
  guardTimeout,
  toJson,
} from './guard-input.js';

/**
 * Managed settings and a policy hook, both read from root's folder alone. Once there is any rule, Copilot asks for whatever no
 * rule speaks of, so `bypass` only lifts the refusal of its allow-all modes.
 * Source: docs.github.com/en/copilot/reference/enterprise-managed-settings-reference and /hooks-reference, 2026-11.
 */
export function guardCopilotCli(input: GuardInput): readonly GuardFile[] {
  const denied = deniedFiles(input).map(claudePath);
  return [
    {
      target: '/etc/github-copilot/managed-settings.json',
      text: toJson({
        permissions: {
          ...(input.guards.bypass ? {} : { disableBypassPermissionsMode: 'disable' }),
          deny: [...denied.map((path) => `Read(${path})`), ...denied.map((path) => `Edit(${path})`)],
          ask: [
            ...askedCommands(input).flatMap((command) => [`Shell(${command})`, `Shell(${command} *)`]),
            ...askedFiles().map((pattern) => `Edit(${claudePath(pattern)})`),
          ],
        },
        allowManagedHooksOnly: true,
        allowManagedMcpServersOnly: true,
        allowedMcpServers: input.servers.map(([, entry]) =>
          'url' in entry ? { serverUrl: entry.url } : { serverCommand: [entry.command, ...entry.args] },
        ),
        strictKnownMarketplaces: [],
        remoteControl: { mode: 'disabled' },
      }),
    },
    {
      target: '/etc/github-copilot/policy.d/harden-devcontainer.json',
      text: toJson({
        version: 1,
        hooks: {
          preToolUse: [
            { type: 'command', exec: guardProgram, args: ['copilot-cli'], timeoutSec: guardTimeout },
          ],
        },
      }),
    },
  ];
}
