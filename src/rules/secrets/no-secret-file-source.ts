import type { Declared } from '../../container/container.js';
import type { FileSource } from '../../container/file-sources.js';
import { offerFix } from '../../container/fixes.js';
import { classifyMount } from '../../container/mount-risk.js';
import { showHostPath } from '../../container/path-pattern.js';
import { hostSecretsOf } from '../../container/secret-names.js';
import type { Report, Rule } from '../../core/rule.js';

export const noSecretFileSource: Rule<'container'> = {
  id: 'no-secret-file-source',
  on: 'container',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: "Do not hand files with the host user's secrets to a container",
  why: 'A file that becomes a secret, a config or variables of the container is read by everything in it. Of the host user it opens more than this project, and of variables a copy stays with the container, for whoever may inspect it.',
  references: [
    'https://docs.docker.com/reference/compose-file/secrets/',
    'https://docs.docker.com/reference/cli/docker/container/run/#env',
    'https://cwe.mitre.org/data/definitions/522.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "runArgs": ["--env-file", «"${localEnv:HOME}/.aws/credentials"», "--init"]\n}\n',
      fixed: '{\n  "image": "node:24",\n  "runArgs": ["--init"]\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "runArgs": [«"--env-file=../shared.env"»]\n}\n',
      fixed: '{\n  "image": "node:24"\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: node:24\n    env_file:\n      - path: «~/.netrc»\n    secrets:\n      - db\n      - source: forge\n    configs: [kube]\nsecrets:\n  db:\n    file: db.txt\n  forge:\n    environment: «GITHUB_TOKEN»\nconfigs:\n  kube:\n    file: «${HOME}/.kube/config»\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: node:24\n    secrets:\n      - db\nsecrets:\n  db:\n    file: db.txt\n  forge:\n    environment: GITHUB_TOKEN\nconfigs:\n  kube:\n    file: ${HOME}/.kube/config\n',
      },
    },
    {
      bad: '{\n  "image": "node:24",\n  "runArgs": [«"--env-file=.env"»]\n}\n',
      fixed: '{\n  "image": "node:24"\n}\n',
      persona: 'pedantic',
    },
  ],
  good: [
    '{ "image": "node:24", "runArgs": ["--env-file=.devcontainer/devcontainer.env", "--label-file", "labels"] }',
    {
      '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }',
      '.devcontainer/compose.yaml':
        'services:\n  app:\n    image: node:24\n    env_file: [./app.env]\n    secrets: [db, ext, key]\nsecrets:\n  db: { file: ./secrets/db.txt }\n  ext: { external: true }\n  key: { environment: ANTHROPIC_API_KEY }\n  unused: { file: ~/.ssh/id_rsa }\n',
    },
  ],
  mayShow: ({ fileSources }) => fileSources.length > 0,
  *check({ fileSources, file }) {
    for (const declared of fileSources) {
      const judged = declared.value.host
        ? judgeFile(declared.value, declared.value.host)
        : judgeVariable(declared.value, file.text);
      if (judged) yield { place: declared.place, ...judged, fixes: () => listFixes(declared) };
    }
  },
};

type Judgement = Pick<Report, 'message' | 'severity' | 'persona' | 'confidence'>;

function judgeFile({ as, source }: FileSource, host: NonNullable<FileSource['host']>): Judgement | undefined {
  const risk = classifyMount({ type: 'bind', source, target: undefined, readOnly: true, host });
  if (risk?.question === 'credential') {
    const { severity, persona, confidence } = risk;
    return {
      message: `hands ${risk.path} of the host over as ${as}: ${risk.what}`,
      severity,
      persona,
      confidence,
    };
  }
  if (host.base === 'unknown') return undefined;
  const isVariables = as === 'variables';
  if (isVariables && (host.base !== 'workspace' || host.up > 0))
    return {
      message: `takes ${as} from ${showHostPath(host)}, which is none of the project's files`,
      severity: 'warning',
    };
  return isVariables && host.segments.join('/') === '.env'
    ? {
        message: 'takes variables from the .env file of the project: all that lies in it comes along',
        severity: 'info',
        persona: 'pedantic',
      }
    : undefined;
}

function judgeVariable({ as, source }: FileSource, text: string): Judgement | undefined {
  const variable = { name: source, value: undefined, hostVariables: [source], scope: 'container' } as const;
  return hostSecretsOf(variable, text)?.kind === 'secret'
    ? { message: `hands ${source} of the host over as ${as}`, severity: 'warning' }
    : undefined;
}

function listFixes(declared: Declared<FileSource>) {
  return offerFix(
    'remove it',
    'what is needed from there goes into a file of this project alone, which Git ignores',
    declared.remove(),
  );
}
