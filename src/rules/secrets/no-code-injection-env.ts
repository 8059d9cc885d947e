import { offerFix } from '../../container/fixes.js';
import { type InjectedCode, injectedCode, loadingVariables } from '../../container/injected-code.js';
import type { Report, Rule } from '../../core/rule.js';
import { kindOf } from '../../documents/kinds.js';
import { mayName, variablesIn } from '../../documents/source-variables.js';

export const noCodeInjectionEnv: Rule<'source-text'> = {
  id: 'no-code-injection-env',
  on: 'source-text',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  summary: 'Load no file of the repository into every process by a variable',
  why: 'A variable like NODE_OPTIONS or BASH_ENV makes programs that have nothing to do with it load a file first. Where that file lies in the workspace, whoever writes there, the agent among them, runs code in every later process: that of another user, of the editor, of a build that has secrets.',
  references: [
    'https://attack.mitre.org/techniques/T1574/006/',
    'https://nodejs.org/api/cli.html#node_optionsoptions',
    'https://www.gnu.org/software/bash/manual/html_node/Bash-Startup-Files.html',
    'https://cwe.mitre.org/data/definitions/427.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "containerEnv": {\n    "NODE_OPTIONS": «"--max-old-space-size=4096 --require ./hooks/trace.js"»,\n    "TZ": "UTC"\n  }\n}\n',
      fixed: '{\n  "image": "node:24",\n  "containerEnv": {\n    "TZ": "UTC"\n  }\n}\n',
    },
    {
      bad: '{\n  "image": "debian:13",\n  "runArgs": ["--init", "-e", «"LD_PRELOAD=/workspaces/app/lib/hook.so"»]\n}\n',
      fixed: '{\n  "image": "debian:13",\n  "runArgs": ["--init"]\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }\n',
        '.devcontainer/Dockerfile': 'FROM debian:13\nENV «BASH_ENV=/workspace/.env.sh»\nENV TZ=UTC\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }\n',
        '.devcontainer/Dockerfile': 'FROM debian:13\nENV TZ=UTC\n',
      },
    },
    {
      bad: {
        '.claude/settings.json': '{\n  "env": { "GIT_SSH_COMMAND": «"./tools/ssh -v"», "CI": "1" }\n}\n',
      },
      fixed: { '.claude/settings.json': '{\n  "env": { "CI": "1" }\n}\n' },
    },
    {
      bad: '{\n  "image": "node:24",\n  "remoteEnv": { "NODE_OPTIONS": «"--import tsx"», "A": "1" }\n}\n',
      fixed: '{\n  "image": "node:24",\n  "remoteEnv": { "A": "1" }\n}\n',
      persona: 'pedantic',
    },
    {
      bad: '{\n  "image": "node:24",\n  "remoteEnv": { "PATH": «"${containerWorkspaceFolder}/bin:${containerEnv:PATH}"» }\n}\n',
      fixed: '{\n  "image": "node:24"\n}\n',
    },
  ],
  good: [
    '{ "containerEnv": { "NODE_OPTIONS": "--max-old-space-size=4096 --use-openssl-ca", "JAVA_TOOL_OPTIONS": "-Xmx2g", "ENV": "development", "LD_PRELOAD": "/usr/lib/libjemalloc.so.2", "BASH_ENV": "/etc/profile.d/x.sh", "PROMPT_COMMAND": "history -a", "GIT_SSH_COMMAND": "ssh -o IdentitiesOnly=yes" } }',
    '{ "remoteEnv": { "PATH": "/home/vscode/.local/bin:${containerEnv:PATH}" } }',
    '{ "remoteEnv": { "PATH": "${containerEnv:PATH}:${containerWorkspaceFolder}/node_modules/.bin", "PYTHONSTARTUP": "" } }',
    {
      '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile':
        'FROM debian:13\n# ENV LD_PRELOAD=./x.so\nENV NODE_ENV=production PATH=/opt/bin:$PATH\nARG ENV=./x\n',
    },
    { '.claude/settings.json': '{ "permissions": { "deny": ["Bash(LD_PRELOAD=./x *)"] } }' },
  ],
  mayShow: ({ file }) => mayName(file, loadingVariables),
  *check(source) {
    const isHosts = hostKinds.has(kindOf(source.file.path) ?? 'devcontainer');
    for (const variable of variablesIn(source, loadingVariables)) {
      const [code] = injectedCode(variable.name, variable.value).toSorted((a, b) => rank(a) - rank(b));
      const risk = code && judge(code, isHosts);
      if (!code || !risk) continue;
      yield {
        place: { file: source.file, at: variable.at },
        message: `${variable.name} makes ${code.into} ${variable.name === 'PATH' ? 'look first in' : 'load'} ${code.what}, ${risk.why}`,
        ...risk.report,
        fixes: () =>
          offerFix(`remove ${variable.name}`, 'what needs it gets it where it is started', variable.remove()),
      };
    }
  },
};

/** Files that agents and editors load on the host too. */
const hostKinds: ReadonlySet<string> = new Set([
  'mcp-config',
  'claude-settings',
  'codex-config',
  'vscode-settings',
]);

const order: Readonly<Record<InjectedCode['origin'], number>> = {
  workspace: 0,
  temporary: 1,
  package: 2,
  home: 3,
  other: 4,
};
const rank = ({ origin }: InjectedCode) => order[origin];

interface Risk {
  readonly why: string;
  readonly report: Pick<Report, 'severity' | 'persona'>;
}

function judge({ origin }: InjectedCode, isHosts: boolean): Risk | undefined {
  const weak = { severity: 'info', persona: 'pedantic' } as const;
  if (origin === 'workspace')
    return {
      why: isHosts
        ? 'on the host too where the folder is opened there; whoever can write to the repository writes it'
        : 'which whoever can write to the repository writes',
      report: isHosts ? { severity: 'error' } : {},
    };
  if (origin === 'temporary') return { why: 'in a folder that everybody may write to', report: {} };
  if (origin === 'package') return { why: 'so a package decides what it is', report: weak };
  return origin === 'home' ? { why: "which the user's own processes may change", report: weak } : undefined;
}
