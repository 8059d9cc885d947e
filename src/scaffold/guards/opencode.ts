import {
  askedCommands,
  askedFiles,
  deniedFiles,
  type FilePattern,
  type GuardFile,
  type GuardInput,
  toJson,
} from './guard-input.js';

/**
 * The managed configuration, which is merged over every other. Of a permission's patterns the last one that fits decides, so
 * the exceptions stand behind the catch-all; the plugin calls the guard and stands above all of them.
 * Source: opencode.ai/docs/config and /permissions, tried with 1.18.18.
 */
export function guardOpenCode(input: GuardInput): readonly GuardFile[] {
  const { guards, servers } = input;
  const byDefault = guards.bypass ? 'allow' : 'ask';
  const denied = deniedFiles(input).flatMap(openCodePatterns);
  // One in both lists would take the place of the first of them.
  const asked = askedFiles()
    .flatMap(openCodePatterns)
    .filter((pattern) => !denied.includes(pattern));
  const commands = askedCommands(input).flatMap((command) => [command, `${command} *`]);
  return [
    {
      target: '/etc/opencode/opencode.json',
      text: toJson({
        $schema: 'https://opencode.ai/config.json',
        autoupdate: false,
        share: 'disabled',
        permission: {
          read: { '*': 'allow', ...mark(denied, 'deny') },
          edit: { '*': byDefault, ...mark(asked, 'ask'), ...mark(denied, 'deny') },
          bash: { '*': byDefault, ...mark(commands, 'ask') },
          webfetch: byDefault,
          external_directory: 'ask',
          doom_loop: 'ask',
        },
        plugin: ['file:///usr/local/lib/harden-devcontainer/opencode-guard.js'],
        // The project's own configuration is not read, see the starter; these two are no configuration.
        instructions: ['AGENTS.md', 'CLAUDE.md'],
        mcp: Object.fromEntries(
          servers.map(([name, entry]) => [
            name,
            'url' in entry
              ? { type: 'remote', url: entry.url, enabled: true }
              : { type: 'local', command: [entry.command, ...entry.args], enabled: true },
          ]),
        ),
      }),
    },
  ];
}

/** Its `*` is any run of characters, steps too; what is in the project's root has no step before it. */
function openCodePatterns({ from, glob }: FilePattern): readonly string[] {
  const pattern = glob.replaceAll('**', '*');
  if (from === 'home') return [`~/${pattern}`, `*/${pattern}`];
  if (from === 'root') return [`/${pattern}`];
  // An object puts keys that are numbers before all others, and so before the catch-all.
  return [/^\d+$/.test(pattern) ? `*${pattern}` : pattern, `*/${pattern}`];
}

function mark(patterns: readonly string[], action: string): Readonly<Record<string, string>> {
  return Object.fromEntries(patterns.map((pattern) => [pattern, action]));
}
