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
import { toml } from './toml.js';

/**
 * System settings, which stand above the user's and the project's, and admin policies, which stand above every other rule.
 * Source: geminicli.com/docs/cli/enterprise and /docs/reference/policy-engine, 0.61.0.
 */
export function guardGeminiCli(input: GuardInput): readonly GuardFile[] {
  const { guards, servers } = input;
  return [
    {
      target: '/etc/gemini-cli/settings.json',
      text: toJson({
        general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false, logPrompts: false },
        security: {
          disableYoloMode: !guards.bypass,
          disableAlwaysAllow: !guards.bypass,
          blockGitExtensions: true,
          folderTrust: { enabled: true },
          environmentVariableRedaction: { enabled: true },
        },
        // The container stands in for its sandbox, which would be another container.
        tools: { sandbox: false },
        // A name that no server has: an empty list would allow all.
        mcp: { allowed: servers.length > 0 ? servers.map(([name]) => name) : ['harden-none'] },
        mcpServers: Object.fromEntries(
          servers.map(([name, entry]) => [name, 'url' in entry ? { httpUrl: entry.url } : entry]),
        ),
        hooksConfig: { enabled: true },
        hooks: {
          BeforeTool: [
            {
              matcher: '*',
              hooks: [
                {
                  type: 'command',
                  name: 'harden-guard',
                  command: `${guardProgram} gemini-cli`,
                  timeout: guardTimeout * 1000,
                },
              ],
            },
          ],
        },
      }),
    },
    { target: '/etc/gemini-cli/policies/harden-devcontainer.toml', text: renderPolicies(input) },
  ];
}

const readers = ['read_file', 'read_many_files', 'write_file', 'replace'];

function renderPolicies(input: GuardInput): string {
  const denied = deniedFiles(input).map((pattern) =>
    rule({
      toolName: toml(readers),
      argsPattern: toml(argumentPattern(pattern)),
      decision: '"deny"',
      priority: '900',
      denyMessage: '"this file may hold a secret"',
    }),
  );
  const asked = askedFiles().map((pattern) =>
    rule({
      toolName: toml(['write_file', 'replace']),
      argsPattern: toml(argumentPattern(pattern)),
      decision: '"ask_user"',
      priority: '800',
    }),
  );
  const commands = askedCommands(input);
  const approved =
    commands.length === 0
      ? []
      : [
          rule({
            toolName: '"run_shell_command"',
            commandPrefix: toml(commands),
            decision: '"ask_user"',
            priority: '850',
          }),
        ];
  return `# Written by harden-devcontainer from harden-devcontainer.jsonc.\n${[...denied, ...approved, ...asked].join('')}`;
}

function rule(members: Readonly<Record<string, string>>): string {
  const lines = Object.entries(members).map(([key, value]) => `${key} = ${value}\n`);
  return `\n[[rule]]\n${lines.join('')}`;
}

/** A regular expression for a path in the JSON of a tool's arguments: it ends where the text ends. */
function argumentPattern({ from, glob }: FilePattern): string {
  const body = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('?', '[^"]')
    .replace(/\*+/g, (stars) => (stars.length > 1 ? '[^"]*' : '[^"/]*'));
  return from === 'root' ? `"/${body}"` : `["/]${body}"`;
}
