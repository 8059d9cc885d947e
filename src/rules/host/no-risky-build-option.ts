import type { BuildContext, BuildOption } from '../../container/build-settings.js';
import type { BuiltInstruction } from '../../container/built-instructions.js';
import { classifyCredential } from '../../container/credential-risk.js';
import { offerFix } from '../../container/fixes.js';
import { resolveHostPath } from '../../container/host-path.js';
import type { Report, Rule, Severity } from '../../core/rule.js';

export const noRiskyBuildOption: Rule<'image'> = {
  id: 'no-risky-build-option',
  on: 'image',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Build the image without rights, networks and folders of the host',
  why: "A build runs what the repository says, before anybody sees the container: package scripts, installers, whatever an agent wrote into the Dockerfile. What the build is given, the host's network, its keys, its files, they have.",
  references: [
    'https://docs.docker.com/reference/cli/docker/buildx/build/#allow',
    'https://docs.docker.com/build/concepts/context/',
    'https://docs.docker.com/reference/dockerfile/#run---security',
    'https://cwe.mitre.org/data/definitions/250.html',
  ],
  examples: [
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": {\n    "dockerfile": "Dockerfile",\n    "options": [«"--network=host"», "--progress=plain", "--allow", «"security.insecure"»]\n  }\n}\n',
        '.devcontainer/Dockerfile': 'FROM debian:13\nRUN «--security=insecure» make\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": {\n    "dockerfile": "Dockerfile",\n    "options": ["--progress=plain"]\n  }\n}\n',
        '.devcontainer/Dockerfile': 'FROM debian:13\nRUN make\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile", "options": [«"--secret=id=aws,src=${localEnv:HOME}/.aws/credentials"»] }\n}\n',
        '.devcontainer/Dockerfile': 'FROM debian:13\nRUN --mount=type=ssh true\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{\n  "build": { "dockerfile": "Dockerfile" }\n}\n',
        '.devcontainer/Dockerfile': 'FROM debian:13\nRUN --mount=type=ssh true\n',
      },
    },
    {
      bad: '{\n  "build": { "dockerfile": "Dockerfile", "options": [«"--ssh=default"»] }\n}\n',
      fixed: '{\n  "build": { "dockerfile": "Dockerfile" }\n}\n',
    },
    { bad: '{\n  "build": { "dockerfile": "Dockerfile", "context": «"${localEnv:HOME}"» }\n}\n' },
    { bad: '{\n  "dockerFile": "Dockerfile",\n  "context": «"../.."»\n}\n' },
    {
      bad: '{\n  "build": { "dockerfile": "Dockerfile", "context": «"https://github.com/o/r.git#main"» }\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    build:\n      context: ..\n      dockerfile: .devcontainer/Dockerfile\n      privileged: «true»\n      network: «host»\n      ssh:\n        - «default»\n      extra_hosts:\n        - «"host:host-gateway"»\n        - db:10.0.0.2\n',
        '.devcontainer/Dockerfile': 'FROM node:24\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    build:\n      context: ..\n      dockerfile: .devcontainer/Dockerfile\n      extra_hosts:\n        - db:10.0.0.2\n',
        '.devcontainer/Dockerfile': 'FROM node:24\n',
      },
    },
    {
      bad: {
        'compose.yaml':
          'services:\n  app:\n    build: «$HOME»\n  site:\n    build:\n      context: «https://github.com/o/r.git»\n',
      },
    },
  ],
  good: [
    {
      '.devcontainer/devcontainer.json':
        '{ "build": { "dockerfile": "Dockerfile", "context": "..", "options": ["--platform=linux/amd64", "--cache-from", "type=registry,ref=a", "--pull", "--secret=id=npm,env=NPM_TOKEN", "--add-host=db:10.0.0.2"] } }',
      '.devcontainer/Dockerfile':
        'FROM debian:13\nRUN --mount=type=secret,id=npm --mount=type=ssh --network=none true\nRUN --security=sandbox true\n',
    },
    '{ "build": { "dockerfile": "Dockerfile", "context": "${localWorkspaceFolder}" } }',
    '{ "build": { "dockerfile": "Dockerfile", "context": "https://github.com/o/r.git#0123456789abcdef0123456789abcdef01234567" } }',
  ],
  mayShow: ({ buildOptions, buildContexts, instructions }) =>
    buildOptions.length > 0 || buildContexts.length > 0 || instructions.length > 0,
  *check({ buildOptions, buildContexts, instructions }) {
    for (const option of buildOptions) {
      const risk = riskOfOption(option.value);
      if (!risk) continue;
      yield {
        place: option.place,
        ...risk,
        fixes: () => offerFix('drop the option', 'steps of the build that need it fail', option.remove()),
      };
    }
    for (const { value, place } of buildContexts) {
      const risk = riskOfContext(value);
      if (risk) yield { place, ...risk };
    }
    for (const instruction of instructions)
      if (instruction.keyword === 'RUN' && instruction.flags.length > 0) yield* judgeFlags(instruction);
  },
};

type Risk = Pick<Report, 'message' | 'severity' | 'confidence'>;

const risk = (message: string, severity: Severity = 'warning'): Risk => ({ message, severity });

function riskOfOption({ name, value = '' }: BuildOption): Risk | undefined {
  const shown = `${name}=${value}`;
  if (name === '--allow' && /security\.insecure/.test(value))
    return risk(`${shown} lets steps of the build run as root of the host in all but name`, 'error');
  if (name === '--allow' && /network\.host/.test(value))
    return risk(`${shown} lets steps of the build into the network of the host`, 'error');
  if (name === '--privileged') return risk('the build runs privileged: its steps own the host', 'error');
  if (name === '--network' && value === 'host')
    return risk(`${shown} lets the build reach every port of the host, those of localhost too`);
  if (name === '--ssh') return risk('--ssh lets the build sign in with the keys of your ssh agent');
  if (name === '--add-host' && /[:=]host-gateway$/.test(value))
    return risk(`${shown} gives the build a name for the host`);
  const path = name === '--secret' ? /(?:^|,)(?:src|source)=([^,]+)/.exec(value)?.[1] : undefined;
  const credential = path && classifyCredential(resolveHostPath(path, { compose: false }), true);
  return credential ? risk(`the build reads ${credential.what} of the host: ${path}`) : undefined;
}

function riskOfContext({ reference, kind, host }: BuildContext): Risk | undefined {
  const isPinned = /#[0-9a-f]{40}(?::|$)/.test(reference);
  if (kind === 'remote' && !isPinned)
    return risk(`the build is made from ${reference}, whatever stands there by then; name a commit`);
  if (kind === 'outside')
    return {
      ...risk(`the build may copy from ${reference}, which lies above the project; narrow the context`),
      confidence: 'medium',
    };
  if (kind !== 'host' || !host || /^(?:workspace|unknown)$/.test(host.base)) return undefined;
  const isWide = host.segments.length === 0 && (host.base === 'home' || host.base === 'root');
  if (isWide || host.up > 0)
    return risk(`the build may copy every file below ${reference}; name the project as its context`, 'error');
  return risk(`the build may copy from ${reference}, outside of the project; narrow the context`);
}

function* judgeFlags({ flags, file }: BuiltInstruction): Iterable<Report> {
  for (const { name, value, at } of flags) {
    const message = messageOfFlag(name, value);
    if (message === undefined) continue;
    // With the blank behind it.
    const end = at.end + (/^[ \t]*/.exec(file.text.slice(at.end, at.end + 20))?.[0].length ?? 0);
    yield {
      place: { file, at },
      message,
      severity: name === 'security' ? 'error' : 'warning',
      fixes: offerFix('drop the flag', 'the step fails where it needs it', [
        { file: file.path, at: { start: at.start, end }, text: '' },
      ]),
    };
  }
}

function messageOfFlag(name: string, value: string): string | undefined {
  if (name === 'security' && value === 'insecure')
    return '--security=insecure runs this step as root of the host in all but name';
  return name === 'network' && value === 'host'
    ? '--network=host runs this step in the network of the host'
    : undefined;
}
