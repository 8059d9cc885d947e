import { expect, test } from 'vitest';
import { kindOf } from '../../../src/documents/kinds.js';
import { fixFiles, lintFiles, memoryProject } from '../../../src/index.js';

const config = '.devcontainer/devcontainer.json';
const dockerfile = '.devcontainer/Dockerfile';
const compose = '.devcontainer/compose.yaml';
const script = '.devcontainer/init-firewall.sh';
const node = '"image": "node:24",\n  "remoteUser": "node"';
const closed = '#!/bin/bash\nset -e\niptables -P OUTPUT DROP\nip6tables -P OUTPUT DROP\n';

interface Case {
  readonly files: Readonly<Record<string, string>>;
  /** The titles of the finding's fixes, the recommended one first. */
  readonly titles: readonly string[];
  /** The files that the last of them changes. */
  readonly after: Readonly<Record<string, string>>;
}

/** What each finding can be mended by, besides what its rule's examples show: the last alternative, and what it makes. */
const cases: Readonly<Record<string, Case>> = {
  'no-credential-mount': {
    files: {
      [config]: `{\n  ${node},\n  "mounts": ["source=\${localEnv:HOME}/.ssh,target=/home/node/.ssh,type=bind"]\n}\n`,
    },
    titles: [
      'remove the mount',
      'use the named volume ssh-${devcontainerId} instead',
      'mount known_hosts alone, read-only',
    ],
    after: {
      [config]: `{\n  ${node},\n  "mounts": ["source=\${localEnv:HOME}/.ssh/known_hosts,target=/home/node/.ssh/known_hosts,type=bind,readonly"]\n}\n`,
    },
  },
  'no-host-secret-env': {
    files: {
      [config]: `{\n  ${node}, // the user\n  "remoteEnv": { "GITHUB_TOKEN": "\${localEnv:GITHUB_TOKEN}" }\n}\n`,
    },
    titles: ['remove GITHUB_TOKEN', 'ask for GITHUB_TOKEN as a secret'],
    after: {
      [config]: `{\n  ${node}, // the user\n  "secrets": {\n    "GITHUB_TOKEN": {\n      "description": "GITHUB_TOKEN: a token for this project only"\n    }\n  }\n}\n`,
    },
  },
  'no-agent-key-in-container-env': {
    files: {
      [config]: `{\n  ${node},\n  "containerEnv": { "OPENAI_API_KEY": "\${localEnv:OPENAI_API_KEY}" },\n  "secrets": { "OTHER": {} },\n  "postCreateCommand": "npm i -g @openai/codex@0.50.0"\n}\n`,
    },
    titles: [
      'remove OPENAI_API_KEY',
      'keep the login of Codex in a volume instead',
      'ask for OPENAI_API_KEY as a secret',
    ],
    after: {
      [config]: `{\n  ${node},\n  "secrets": { "OTHER": {}, "OPENAI_API_KEY": {\n    "description": "OPENAI_API_KEY: a token for this project only"\n  } },\n  "postCreateCommand": "npm i -g @openai/codex@0.50.0"\n}\n`,
    },
  },
  'no-container-runtime-access': {
    files: {
      [config]: '{ "dockerComposeFile": "compose.yaml", "service": "app", "remoteUser": "node" }\n',
      [compose]:
        'services:\n  app:\n    image: node:24\n    environment: { TZ: UTC }\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n',
    },
    titles: ['remove the mount', 'put a proxy before it that only lets containers be looked at'],
    after: {
      [compose]:
        'services:\n  app:\n    image: node:24\n    environment: { TZ: UTC, DOCKER_HOST: tcp://engine-proxy:2375 }\n  engine-proxy:\n    image: tecnativa/docker-socket-proxy:0.3.0\n    environment:\n      - CONTAINERS=1\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n',
    },
  },
  'no-privileged': {
    files: {
      [config]: `{\n  ${node},\n  "runArgs": ["--init", "--privileged"],\n  "customizations": { "vscode": { "extensions": ["ms-vscode.cpptools"] } }\n}\n`,
    },
    titles: ['remove --privileged', 'add SYS_PTRACE instead, for its debugger'],
    after: {
      [config]: `{\n  ${node},\n  "runArgs": ["--init"],\n  "customizations": { "vscode": { "extensions": ["ms-vscode.cpptools"] } },\n  "capAdd": ["SYS_PTRACE"]\n}\n`,
    },
  },
  'require-non-root-user': {
    files: {
      [config]: '{\n  "build": { "dockerfile": "Dockerfile" }\n}\n',
      [dockerfile]: 'FROM python:3.13-alpine\r\nRUN pip install ruff==0.14.0\r\nUSER root\r\n',
    },
    titles: ['create the user dev in the Dockerfile'],
    after: {
      [config]: '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "dev"\n}\n',
      [dockerfile]:
        'FROM python:3.13-alpine\r\nRUN pip install ruff==0.14.0\r\nUSER root\r\nRUN adduser -D dev\r\n',
    },
  },
  'require-firewall-at-start': {
    files: {
      [config]: `{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "node",\n  "runArgs": ["--cap-add=NET_ADMIN"],\n  "postCreateCommand": "sudo /usr/local/bin/init-firewall.sh"\n}\n`,
      [dockerfile]: 'FROM node:24\nCOPY init-firewall.sh /usr/local/bin/\nUSER node\n',
      [script]: closed,
    },
    titles: ['run it at every start too, and wait for it', 'set it in the ENTRYPOINT'],
    after: {
      [config]: `{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "node",\n  "runArgs": ["--cap-add=NET_ADMIN"],\n  "overrideCommand": false\n}\n`,
      [dockerfile]:
        'FROM node:24\nCOPY init-firewall.sh /usr/local/bin/\nUSER node\nENTRYPOINT sudo /usr/local/bin/init-firewall.sh && exec sleep infinity\n',
    },
  },
  'no-broad-file-allow': {
    files: {
      '.claude/settings.json': '{\n  "permissions": { "allow": ["Edit(**)", "Write"] }\n}\n',
      'src/main.ts': '',
    },
    titles: ['move them to ask', 'remove them', 'allow ./src/** only'],
    after: {
      '.claude/settings.json': '{\n  "permissions": { "allow": ["Edit(./src/**)", "Write(./src/**)"] }\n}\n',
    },
  },
};

test.each(Object.entries(cases))(
  '%s has the alternatives of its case',
  async (ruleId, { files, titles, after }) => {
    const project = memoryProject(files);
    const hasContainer = files[config] !== undefined;
    const linted = Object.keys(files).filter((path) =>
      hasContainer ? path === config : kindOf(path) !== undefined,
    );
    const { findings } = await lintFiles(linted, project);
    const own = findings.filter((finding) => finding.ruleId === ruleId);
    expect(own.map(({ fixes }) => fixes.map(({ title }) => title))).toEqual([titles]);
    const choose = (finding: (typeof findings)[number]) =>
      finding.ruleId === ruleId ? finding.fixes.at(-1) : undefined;
    const result = await fixFiles(linted, project, choose, {}, { findings, texts: new Map() });
    expect(result.rolledBack).toEqual([]);
    expect(Object.fromEntries(result.texts)).toEqual(after);
    expect(result.fixed.map((finding) => finding.ruleId)).toContain(ruleId);
  },
);

test('what shows elsewhere once its place is gone is no new finding', async () => {
  const files = {
    [config]:
      '{\n  "image": "mcr.microsoft.com/devcontainers/base:noble",\n  "features": { "ghcr.io/devcontainers/features/common-utils:2": {}, "ghcr.io/devcontainers/features/sshd:1": {} }\n}\n',
  };
  const pedantic = { persona: 'pedantic' } as const;
  const { findings } = await lintFiles([config], memoryProject(files), pedantic);
  const sudo = findings.find(({ ruleId }) => ruleId === 'no-unrestricted-sudo');
  expect(sudo?.place.at.start).toBeGreaterThan(files[config].indexOf('features'));
  const remove = [
    {
      file: config,
      at: {
        start: files[config].indexOf('"ghcr.io'),
        end: files[config].indexOf('"ghcr.io/devcontainers/features/sshd'),
      },
      text: '',
    },
  ];
  const fix = { title: 'x', safety: 'review', consequence: 'y', edits: remove } as const;
  const lock = findings.find(({ ruleId }) => ruleId === 'pin-feature-lockfile');
  const result = await fixFiles(
    [config],
    memoryProject(files),
    (finding) => (finding === lock ? fix : undefined),
    pedantic,
    { findings, texts: new Map() },
  );
  // The fix is none for its own finding; of the other one nothing is said.
  expect(result.rolledBack.map(({ reason }) => reason)).toEqual(['still-there']);
});

test('a setting without a known purpose has no alternative that guesses one', async () => {
  const files = {
    [config]: `{\n  ${node},\n  "privileged": true,\n  "remoteEnv": { "URL": "https://me:\${localEnv:API_TOKEN}@x.example" },\n  "mounts": ["type=bind,source=\${localEnv:HOME}/.aws,target=/home/node/.aws"]\n}\n`,
  };
  const { findings } = await lintFiles([config], memoryProject(files));
  const titles = findings.flatMap(({ fixes }) => fixes.map(({ title }) => title));
  expect(titles.filter((title) => /instead, for|as a secret|alone, read-only/.test(title))).toEqual([]);
});

test.each([
  ['FROM debian:bookworm-slim\n', 'ENTRYPOINT /usr'],
  ['FROM mcr.microsoft.com/devcontainers/base:noble\n', 'ENTRYPOINT /usr'],
  ['FROM node:24\nUSER root\n', 'ENTRYPOINT /usr'],
  ['FROM node:24\nUSER node\n', 'ENTRYPOINT sudo /usr'],
  ['FROM registry.example/own:1\n', 'ENTRYPOINT sudo /usr'],
])('the firewall as ENTRYPOINT of %j keeps sudo unless it starts as root', async (from, start) => {
  const files = {
    [config]:
      '{\n  "build": { "dockerfile": "Dockerfile" },\n  "capAdd": ["NET_ADMIN"],\n  "postAttachCommand": "sudo /usr/local/bin/init-firewall.sh"\n}\n',
    [dockerfile]: `${from}COPY init-firewall.sh /usr/local/bin/\n`,
    [script]: closed,
  };
  const { findings } = await lintFiles([config], memoryProject(files));
  const fixes = findings.flatMap((finding) => finding.fixes);
  const entry = fixes.find(({ title }) => title === 'set it in the ENTRYPOINT');
  const added = entry?.edits.find(({ file }) => file === dockerfile)?.text;
  expect(added).toContain(`${start}/local/bin/init-firewall.sh && exec`);
});
