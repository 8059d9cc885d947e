import { severities } from '../core/rule.js';
import type { CommandSpec, Flag, Flags } from './command-spec.js';
import { initSpec } from './init-spec.js';
import { type ColorChoice, colorChoices } from './io.js';

export const formats = ['text', 'json', 'sarif', 'github', 'gitlab', 'junit', 'markdown'] as const;
export type Format = (typeof formats)[number];
export const failLevels = [...severities, 'never'] as const;
export const egressFormats = ['text', 'json'] as const;
export const engineNames = ['docker', 'podman'] as const;
/** `counted` leaves out what only shows or tests something. */
export const scopeChoices = ['counted', 'all'] as const;
export const personas = ['default', 'pedantic'] as const;

export const globalFlags: Flags = {
  color: {
    type: 'string',
    describe: 'Colour the output',
    choices: colorChoices,
    default: 'auto' satisfies ColorChoice,
  },
};

const rule: Flag = { type: 'list', value: 'ID', describe: 'Only this rule (repeatable)' };

const containerFlags: Flags = {
  engine: {
    type: 'string',
    choices: engineNames,
    describe: 'The container engine (default: the first found)',
  },
  container: {
    type: 'string',
    value: 'ID',
    describe: "A container by id or name, not by the project's folder",
  },
};

export const commandSpecs: readonly CommandSpec[] = [
  initSpec,
  {
    name: 'lint',
    summary: 'Report what is dangerous in dev container configurations',
    positional: {
      name: 'path',
      describe: 'Repositories, or single files that lint knows (default: .)',
      many: true,
    },
    flags: {
      format: { type: 'string', choices: formats, default: 'text', describe: 'Form of the report' },
      output: { type: 'string', value: 'FILE', describe: 'Write the report there, not to stdout' },
      'fail-on': {
        type: 'string',
        choices: failLevels,
        default: 'warning',
        describe: 'Exit 1 from this severity up',
      },
      persona: {
        type: 'string',
        choices: personas,
        default: 'default',
        describe: 'pedantic adds hardening wishes and less certain findings',
      },
      rule,
      'skip-rule': { type: 'list', value: 'ID', describe: 'Leave this rule out (repeatable)' },
      config: {
        type: 'string',
        value: 'FILE',
        describe: "Take the section lint of this file instead of the repository's policy",
      },
      baseline: { type: 'string', value: 'FILE', describe: 'Leave out the findings that this file lists' },
      'update-baseline': { type: 'boolean', describe: 'Write what is found now into the baseline' },
      'no-suppressions': {
        type: 'boolean',
        describe: 'Show what comments, the configuration and the baseline take out',
      },
      scope: {
        type: 'string',
        choices: scopeChoices,
        default: 'counted',
        describe: 'all counts what lies in examples, tests and documentation too',
      },
      'allow-partial': {
        type: 'boolean',
        describe: 'Do not exit 2 for what could not be analysed; it stays a finding',
      },
      stdin: { type: 'boolean', describe: 'Lint the text on standard input' },
      'stdin-filename': {
        type: 'string',
        value: 'PATH',
        describe: 'Where that text belongs (default: .devcontainer/devcontainer.json)',
      },
    },
    examples: [
      ['lint', 'the repository in this folder, or all that are below it'],
      ['lint path/to/devcontainer.json', 'one file'],
      ['lint --format sarif --output lint.sarif', 'for code scanning'],
      ['lint --rule no-privileged --fail-on never', 'one rule, exit 0 whatever it finds'],
      ['lint --baseline lint-baseline.json --update-baseline', 'accept what is there, report what is new'],
      ['lint --stdin --stdin-filename .devcontainer.json', 'from an editor'],
    ],
    notes: [
      'A finding that was judged is taken out by a comment on its line or the line above, harden-devcontainer-ignore RULE[, RULE] [until YYYY-MM-DD] -- REASON (for a whole file harden-devcontainer-ignore-file at its top), or by an override in the section lint of .devcontainer/harden-devcontainer.jsonc or harden-devcontainer.jsonc. It stays in JSON and SARIF, marked.',
      "Folders are searched to the bottom. Left out are version control's own, other people's code (node_modules, vendor), build outputs, and what .gitignore files name unless git tracks it; the summary counts the configurations there. Links are not followed. What lies in folders for examples, tests and documentation is counted, but neither shown nor a reason to fail, unless --scope all says so or the folder is named.",
    ],
  },
  {
    name: 'fix',
    summary: 'Mend findings: one by one on a terminal, or all at once with --safe or --all',
    positional: {
      name: 'path',
      describe: 'Repositories, or devcontainer.json files under any name (default: .)',
      many: true,
    },
    flags: {
      'dry-run': { type: 'boolean', describe: 'Print the changes as a unified diff, write nothing' },
      safe: { type: 'boolean', describe: 'Apply the fixes that take out what has no effect' },
      all: { type: 'boolean', describe: "Apply every finding's recommended fix" },
      persona: {
        type: 'string',
        choices: personas,
        default: 'default',
        describe: 'pedantic mends hardening wishes and less certain findings too',
      },
      rule,
      online: {
        type: 'boolean',
        describe: 'Ask registries for the versions and digests that no file here has',
      },
      'min-age': {
        type: 'string',
        value: 'DAYS',
        describe: 'With --online: pass over releases that are younger (default: 7)',
      },
    },
    examples: [
      ['fix', 'ask about each finding'],
      ['fix --safe', 'apply what is safe, ask nothing'],
      ['fix --all --dry-run', 'see what everything would change'],
      ['fix --safe --dry-run | git apply', 'the same as fix --safe'],
      ['fix --online --persona pedantic', 'pin images, Features, packages and extensions too'],
    ],
    notes: [
      'A fix is marked safe where what it takes out changes nothing: a capability or profile switch that is repeated, that stands beside --privileged, or that is the default of engines. Every other fix is marked review: it takes something away that somebody may use, and its consequence says what.',
      'Every fix is proved by linting again. What you accept is written at once, each file in one step, so that quitting or Ctrl-C keeps it and nothing else. --dry-run alone shows what --all would do.',
      '--online alone opens connections: to the registry of each image and Feature (registry-1.docker.io for Docker Hub), to registry.npmjs.org, pypi.org and marketplace.visualstudio.com, or to the registries that your npm and pip settings or an .npmrc of the repository name. No login is sent, nothing but names is told, and no answer is run. HTTPS_PROXY and NO_PROXY count.',
      'fix exits with 0 when no finding from warning up is left (with --rule: none of these rules), 1 when some are, 2 when something could not be analysed or written or a registry did not answer, 3 when a fix did not work and was rolled back. With --dry-run these speak of what would be left.',
    ],
  },
  {
    name: 'egress',
    summary: 'Show what the firewall of a dev container refused and let out, or open it for a name',
    positional: {
      name: 'dir',
      describe: 'The project that the container belongs to (default: .)',
      many: false,
    },
    flags: {
      format: { type: 'string', choices: egressFormats, default: 'text', describe: 'Form of the report' },
      since: { type: 'string', value: '90s, 30m, 2h, 1d', describe: 'Only what happened in that time' },
      all: { type: 'boolean', describe: 'Every name on a row of its own, however many there are' },
      allow: {
        type: 'list',
        value: 'NAME[:PORT]',
        describe: 'Add this host to the policy and open the running container for it (repeatable)',
      },
      reason: { type: 'string', value: 'TEXT', describe: 'With --allow: why it is needed, for the policy' },
      yes: { type: 'boolean', describe: 'With --allow: open a host that is a known way out, without asking' },
      'dry-run': { type: 'boolean', describe: 'With --allow: show the diff, change nothing' },
      force: { type: 'boolean', describe: 'With --allow: replace an allowlist that was changed by hand' },
      ...containerFlags,
    },
    examples: [
      ['egress', 'what was refused and what was let out, by name'],
      ['egress --since 10m', 'what the last build needed'],
      ['egress --format json', 'for programs: schemas/egress-report.schema.json'],
      ["egress --allow pypi.org:443 --reason 'Python packages'", 'open one host in the running container'],
    ],
    notes: [
      'The log is kept in the container, for the resolver and the proxy ten files of 1 MB each, and goes with it. A connection is listed when it has ended. A name that the resolver refuses is never connected to: look there for what a tool misses. What goes out on ports other than 443 and 80 leaves a lookup and nothing else.',
      '--allow writes the policy and what is rendered from it, then gives the new list to the running container: connections stay. Where the container refuses it, everything is put back. A host that is open is a grant, not a filter.',
    ],
  },
  {
    name: 'audit',
    summary: 'Show and verify what the agents in a dev container did',
    positional: {
      name: 'dir',
      describe: 'The project that the container belongs to (default: .)',
      many: false,
    },
    flags: {
      format: { type: 'string', choices: egressFormats, default: 'text', describe: 'Form of the report' },
      since: { type: 'string', value: '90s, 30m, 2h, 1d', describe: 'Only what happened in that time' },
      agent: { type: 'string', value: 'ID', describe: 'Only this agent; git is the git hook' },
      blocked: { type: 'boolean', describe: 'Only what was refused or held' },
      all: { type: 'boolean', describe: 'Every call, not only the last hundred' },
      verify: { type: 'boolean', describe: 'Say whether the log is whole, and nothing else' },
      rotate: { type: 'string', value: 'FILE', describe: 'Move the log into a new file on the host' },
      ...containerFlags,
    },
    examples: [
      ['audit', 'the last calls'],
      ['audit --blocked --since 1d', 'what the guard stopped today'],
      ['audit --verify', 'exit 1 where a line was changed, removed or added'],
      ['audit --rotate audit-2026-11.jsonl', 'when the log is full, or for keeping'],
    ],
    notes: [
      'Each call of a tool is one line, and each line names the hash of the one before. The agent can add to the log, also with calls that never were, but neither read nor change it. The container may be stopped.',
    ],
  },
  {
    name: 'approve',
    summary: 'Let what the guard of a dev container holds go on: once, for ten minutes',
    positional: {
      name: 'dir',
      describe: 'The project that the container belongs to (default: .)',
      many: false,
    },
    flags: {
      request: {
        type: 'list',
        value: 'ID',
        describe: 'Approve this request, by the beginning of its id (repeatable)',
      },
      ...containerFlags,
    },
    examples: [
      ['approve', 'ask about each request that waits; without a terminal, list them'],
      ['approve --request 56318519f865', 'approve one'],
    ],
    notes: [
      'What is approved is what is shown: the command as a whole, or the branches of a push. It is approved for one call, and the grant is gone after ten minutes. The agent cannot approve: the grant is written through the engine, into a folder that its user cannot enter.',
    ],
  },
  {
    name: 'mcp',
    summary:
      'Run the MCP servers of the policy on the host, behind a gate that lets through what is declared',
    positional: {
      name: 'up|down|status|audit|review',
      describe: 'what to do; behind it the project (default: .)',
      many: true,
    },
    flags: {
      yes: {
        type: 'boolean',
        describe: 'With up: agree to what the policy starts; with review: to every tool',
      },
      foreground: { type: 'boolean', describe: 'With up: stay, for a service manager' },
      listen: {
        type: 'string',
        value: 'ADDRESS',
        describe:
          "With up and TLS: the engine's bridge or loopback address (default: the bridge docker0, else 127.0.0.1)",
      },
      verify: { type: 'boolean', describe: 'With audit: exit 1 where a line was changed or removed' },
    },
    examples: [
      ['mcp up', 'start the host side; again after a change of the policy'],
      ['mcp review', 'read what the tools say about themselves, and let the agent use them'],
      ['mcp status', 'where it listens, sessions and calls'],
      ['mcp audit --verify', 'whether the log of calls is whole'],
      ['mcp down', 'end every server; no process, socket or key is left'],
    ],
    notes: [
      'The servers run on this machine with its logins, one process a connection, and end with it. What the policy of a repository starts has to be agreed to once on each machine, and again when it changes.',
    ],
  },
  {
    name: 'doctor',
    summary: 'Say which ties between your editor and containers only this host can cut, and with which lines',
    flags: {
      format: { type: 'string', choices: egressFormats, default: 'text', describe: 'Form of the report' },
      settings: {
        type: 'list',
        value: 'FILE',
        describe: 'Read these settings in place of those of the editors that are found (repeatable)',
      },
    },
    examples: [
      ['doctor', 'the settings of your editors, and the environment that one would pass on'],
      ['doctor --settings ./settings.json', "another user's"],
    ],
    notes: [
      'It reads settings of VS Code, VSCodium, Cursor and Windsurf with their profiles, below WSL those of Windows too, and changes nothing. doctor exits with 0 when nothing is open, 1 when something is, 2 when settings cannot be read.',
    ],
  },
  {
    name: 'explain',
    summary: 'Say what a rule looks for, why, and how to mend it',
    positional: { name: 'rule', describe: 'The id of a rule; without it, all rules are listed', many: false },
    flags: {},
    examples: [
      ['explain', 'list the rules'],
      ['explain no-privileged', 'one rule'],
    ],
  },
];
