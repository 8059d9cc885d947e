import '../../container/devcontainer-file.js';
import type { DevcontainerFile } from '../../container/devcontainer-file.js';
import { type DevcontainerProblem, findDevcontainerProblems } from '../../container/devcontainer-problems.js';
import { offerFix } from '../../container/fixes.js';
import { findLegacyProperties } from '../../container/legacy-properties.js';
import type { Report, Rule } from '../../core/rule.js';
import { placeOf } from '../../documents/json.js';

export const noInvalidProperty: Rule<'devcontainer'> = {
  id: 'no-invalid-property',
  on: 'devcontainer',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Write properties, values and options that the tools understand',
  why: 'The tools pass over what they do not know without a word. A property with a typing mistake, a list where a text belongs or an option behind a stray word leaves the container without what its author believes it has.',
  references: [
    'https://containers.dev/implementors/json_reference/',
    'https://docs.docker.com/reference/cli/docker/container/run/',
    'https://cwe.mitre.org/data/definitions/20.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "mcr.microsoft.com/devcontainers/base:noble",\n  «"remoteuser"»: "vscode"\n}\n',
      fixed: '{\n  "image": "mcr.microsoft.com/devcontainers/base:noble",\n  "remoteUser": "vscode"\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  «"postCreateCommands"»: "npm ci",\n  «"securityOpts"»: ["no-new-privileges"]\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "postCreateCommand": "npm ci",\n  "securityOpt": ["no-new-privileges"]\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile", «"cachefrom"»: "example.com/cache" }\n}\n',
        '.devcontainer/Dockerfile': 'FROM mcr.microsoft.com/devcontainers/base:noble\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile", "cacheFrom": "example.com/cache" }\n}\n',
        '.devcontainer/Dockerfile': 'FROM mcr.microsoft.com/devcontainers/base:noble\n',
      },
    },
    {
      bad: '{\n  "image": "node:24",\n  «"ports"»: [{ "port": 80 }],\n  «"waitfor"»: "postAttachCommand",\n  «"capadd"»: [1],\n  «"runargs"»: "-it"\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  «"remoteuser"»: "node",\n  «"runargs"»: ["--init"],\n}\n',
      fixed: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "runArgs": ["--init"],\n}\n',
    },
    { bad: '{\n  "image": "node:24",\n  "runArgs": «{ "--cap-drop": "ALL" }»,\n  "remoteUser": «1000»\n}\n' },
    { bad: '{\n  "image": "node:24",\n  "waitFor": «"postAttachCommand"»,\n  "mounts": [«12»]\n}\n' },
    {
      bad: '{\n  "image": "node:24",\n  "runArgs": [«"--cap-dorp=ALL"», «"-v a:/b"», "--init", «"ALL"», "--rm"]\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "mounts": [\n    «"source=a,type=volume"»,\n    «"source=a,targt=/a,target=/b,type=volume"»,\n    «"source=a, target=/b,type=volume"»,\n    «"source=a,target=/c,type=bnd"»\n  ]\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "forwardPorts": [3000, «"3000-3010"», «70000»],\n  "containerEnv": { "A": «null» }\n}\n',
    },
    {
      bad: '{\n  "dockerComposeFile": "compose.yaml",\n  "service": "app",\n  "containerUser": «"dev\\nprivileged: true"»,\n  «"workspaceMount"»: "source=.,target=/w,type=bind",\n  «"runArgs"»: ["--name", "app"]\n}\n',
    },
  ],
  good: [
    '{ "$schema": "https://example.com/s.json", "image": "node:24", "x-team": {}, "customizations": { "vscode": { "anything": 1 }, "other": { "remoteuser": "x" } }, "features": { "ghcr.io/devcontainers/features/node:1": { "versoin": "24" } } }',
    '{ "image": "node:24", "settings": {}, "extensions": [], "dockerFile": "Dockerfile" }',
    '{ "image": "node:24", "description": "for the workshop", "postCreateCommand": { "a": "npm ci", "b": ["npm", "test"] }, "remoteEnv": { "A": null }, "appPort": [3000, "8000:8010"] }',
    '{ "image": "node:24", "runArgs": ["-it", "--name", "-x", "-v=a:/b", "--gpus", "all", "--cap-add=SYS_PTRACE", "-p", "127.0.0.1:80:80", "${localEnv:MORE}", "--anything"] }',
    '{ "image": "node:24", "mounts": ["source=${localEnv:HOME}/x,target=/x,type=bind,consistency=cached", "type=tmpfs,dst=/y", "src=a,dst=/z,ro,volume-opt=o=bind", { "type": "volume", "source": "a", "target": "/q" }] }',
    '{ "image": "node:${templateOption:imageVariant}", "waitFor": "${templateOption:wait}", "forwardPorts": ["db:5432", 0] }',
    '{ "dockerComposeFile": ["compose.yaml"], "service": "app", "shutdownAction": "none", "runArgs": [] }',
  ],
  *check(subject) {
    for (const problem of findDevcontainerProblems(subject.document, subject.container))
      yield toReport(subject, problem);
    for (const { members, today, edits } of findLegacyProperties(subject.document)) {
      const [first] = members;
      if (!first) continue;
      yield {
        place: placeOf(subject.document, first.keyNode),
        message: `${members.map(({ key }) => key).join(' and ')} ${members.length > 1 ? 'are an older form' : 'is an older form'}; today it is ${today}`,
        severity: 'info',
        persona: 'pedantic',
        fixes: offerFix(`write ${today}`, 'nothing changes', edits).map((fix) => ({
          ...fix,
          safety: 'safe',
        })),
      };
    }
  },
};

function toReport(
  { document }: DevcontainerFile,
  { node, rename, removal, ...judged }: DevcontainerProblem,
): Report {
  const renamed = offerFix(
    `call it ${rename?.[0]?.text}`,
    'it has an effect then: look at what it does',
    rename,
  );
  const removed = offerFix('remove it', 'nothing changes: the tools do not read it', removal);
  return {
    place: placeOf(document, node),
    ...judged,
    fixes: [
      ...renamed.map((fix) => ({ ...fix, enables: true as const })),
      ...removed.map((fix) => ({ ...fix, safety: 'safe' as const })),
    ],
  };
}
