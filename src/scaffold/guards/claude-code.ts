import {
  askedCommands,
  askedFiles,
  deniedFiles,
  type FilePattern,
  type GuardFile,
  type GuardInput,
  guardProgram,
  guardTimeout,
  toJson,
} from './guard-input.js';

/**
 * Managed settings: no other scope, flag or project file overrides them.
 * Source: code.claude.com/docs/en/managed-settings and /permissions, 2026-11.
 */
export function guardClaudeCode(input: GuardInput): readonly GuardFile[] {
  const { guards, servers } = input;
  return [
    {
      target: '/etc/claude-code/managed-settings.json',
      text: toJson({
        permissions: {
          deny: deniedFiles(input).map((pattern) => `Read(${claudePath(pattern)})`),
          ask: [
            ...askedCommands(input).flatMap((command) => [`Bash(${command})`, `Bash(${command} *)`]),
            ...askedFiles().map((pattern) => `Edit(${claudePath(pattern)})`),
          ],
          ...(guards.bypass ? {} : { disableBypassPermissionsMode: 'disable', disableAutoMode: 'disable' }),
        },
        // Without it a project's own allow rules would answer in the user's place.
        ...(guards.bypass ? {} : { allowManagedPermissionRulesOnly: true }),
        allowManagedHooksOnly: true,
        hooks: {
          PreToolUse: [
            {
              matcher: '*',
              hooks: [
                {
                  type: 'command',
                  command: `${guardProgram} claude-code`,
                  timeout: guardTimeout,
                  onFailure: 'block',
                },
              ],
            },
          ],
        },
        allowManagedMcpServersOnly: true,
        allowedMcpServers: servers.map(([, entry]) =>
          'url' in entry ? { serverUrl: entry.url } : { serverCommand: [entry.command, ...entry.args] },
        ),
        strictKnownMarketplaces: [],
        disableSideloadFlags: true,
        disableCommandPluginSources: true,
      }),
    },
    {
      target: '/etc/claude-code/managed-mcp.json',
      text: toJson({ mcpServers: Object.fromEntries(servers) }),
    },
  ];
}

/** As rules for paths are written: `//` is the root, a pattern without one would be relative to the settings' folder. */
export function claudePath({ from, glob }: FilePattern): string {
  if (from === 'home') return `~/${glob}`;
  return from === 'root' ? `//${glob}` : `//**/${glob}`;
}
