import type { Rule } from '../../core/rule.js';

export const noUnreadableFile: Rule<'unreadable'> = {
  id: 'no-unreadable-file',
  on: 'unreadable',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Every file that was found can be read and understood',
  why: 'The dev container tools read a broken file as far as they can and start the container from that. What this tool could not read, it did not check: a weakness may hide behind the error.',
  decide: 'What the file was meant to say: the tools and this one read a broken file differently.',
  references: [
    'https://containers.dev/implementors/spec/#devcontainerjson',
    'https://cwe.mitre.org/data/definitions/20.html',
  ],
  examples: [
    { bad: '{\n  "image": "node:24"\n  «"remoteUser"»: "node"\n}\n' },
    { bad: '{\n  "mounts": ["source=a,target=/a,type=volume" «"source=b,target=/b,type=volume"»]\n}\n' },
    { bad: '«["node:24"]»\n' },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/app\n«\t»privileged: true\n',
      },
    },
  ],
  good: [
    '{\n  // comments and trailing commas are read\n  "image": "node:24",\n}\n',
    '{}',
    '{ "build": { "dockerfile": "Containerfile" } }',
    '\uFEFF{ "image": "node:24" }\r\n',
  ],
  *check({ file, at, message, isReference }) {
    if (!isReference) yield { place: { file, at }, message };
  },
};
