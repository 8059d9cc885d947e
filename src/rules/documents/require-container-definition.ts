import '../../container/devcontainer-file.js';
import type { Container } from '../../container/container.js';
import type { DevcontainerFile } from '../../container/devcontainer-file.js';
import type { Report, Rule } from '../../core/rule.js';
import { didYouMean } from '../../core/suggest.js';
import { type JsonMember, type JsonNode, member, placeOf, stringValue } from '../../documents/json.js';

export const requireContainerDefinition: Rule<'devcontainer'> = {
  id: 'require-container-definition',
  on: 'devcontainer',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Say once what the container is made from',
  why: 'Without an image, a Dockerfile or a service of a compose file no container starts, and who has to work goes on without one, on the host. Where two of them stand, one counts, and the hardening of the other is never in force.',
  references: [
    'https://containers.dev/implementors/json_reference/',
    'https://containers.dev/implementors/spec/#orchestration-options',
    'https://cwe.mitre.org/data/definitions/1188.html',
  ],
  examples: [
    { bad: '«{»\n  "name": "app",\n  "build": { "context": ".." }\n}\n' },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "image": "node:24",\n  «"dockerComposeFile"»: "compose.yaml",\n  "service": "app"\n}\n',
        '.devcontainer/compose.yaml': 'services: { app: { image: node:24, cap_drop: [ALL] } }\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  «"image"»: "node:24",\n  "build": { "dockerfile": "Dockerfile" }\n}\n',
        '.devcontainer/Dockerfile': 'FROM node:24\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{\n  «"dockerComposeFile"»: "compose.yaml"\n}\n',
        '.devcontainer/compose.yaml': 'services: { app: { image: node:24 } }\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "dockerComposeFile": "compose.yaml",\n  "service": «"ap"»\n}\n',
        '.devcontainer/compose.yaml': 'services: { app: { image: node:24 } }\n',
      },
    },
    {
      bad: '{\n  "image": "node:24",\n  «"workspaceMount"»: "source=${localWorkspaceFolder},target=/work,type=bind"\n}\n',
    },
  ],
  good: [
    '{ "image": "node:24" }',
    '{ "image": "node:${templateOption:variant}", "dockerComposeFile": "compose.yaml" }',
    '{ "image": "node:24", "workspaceMount": "source=${localWorkspaceFolder},target=/work,type=bind", "workspaceFolder": "/work" }',
    {
      '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }',
      '.devcontainer/compose.yaml': 'services: { app: { build: . } }\n',
    },
    {
      '.devcontainer/devcontainer.json':
        '{ "dockerComposeFile": ["compose.yaml", "missing.yaml"], "service": "app" }',
      '.devcontainer/compose.yaml': 'services: { db: { image: postgres:18 } }\n',
    },
  ],
  *check(subject) {
    const { document, container } = subject;
    const { root } = document;
    // A Template has its options filled in first.
    if (document.file.text.includes('${templateOption:')) return;
    // Broken text may have said it.
    if (container.source === 'none' && document.problems.length === 0) {
      const start = Math.max(0, root?.offset ?? 0);
      yield {
        place: { file: document.file, at: { start, end: start + 1 } },
        message: 'names no image, no Dockerfile and no compose file, so no container can be made from it',
      };
    }
    for (const { keyNode, key } of findIdle(root, container))
      yield {
        place: placeOf(document, keyNode),
        message: `${key} has no effect: ${titles[container.source]} in the same file comes first`,
        severity: 'warning',
      };
    if (container.source === 'compose') yield* checkService(subject, container);
    else if (stringValue(member(root, 'workspaceMount')?.value) && !member(root, 'workspaceFolder'))
      yield {
        place: placeOf(document, (member(root, 'workspaceMount') as JsonMember).keyNode),
        message:
          'workspaceMount stands without workspaceFolder: the tools open /workspaces, where nothing is mounted',
        severity: 'warning',
      };
  },
};

const titles: Readonly<Record<Container['source'], string>> = {
  dockerfile: 'the Dockerfile',
  image: 'the image',
  compose: 'the compose file',
  none: '',
};

/** What else says what the container is made from. */
function findIdle(root: JsonNode | undefined, { source }: Container): readonly JsonMember[] {
  const idle = source === 'dockerfile' ? ['image', 'dockerComposeFile'] : ['dockerComposeFile'];
  if (source === 'compose' || source === 'none') return [];
  return idle.flatMap((key) => member(root, key) ?? []);
}

function* checkService({ document }: DevcontainerFile, container: Container): Iterable<Report> {
  const { root } = document;
  const { services = [], unread = [] } = container.compose ?? {};
  const files = member(root, 'dockerComposeFile');
  const service = member(root, 'service')?.value;
  const name = stringValue(service);
  if (!service || name === undefined) {
    if (files)
      yield {
        place: placeOf(document, service ?? files.keyNode),
        message: 'dockerComposeFile stands without service: the tools do not know where to work, and stop',
      };
    return;
  }
  // What could not be read may have it.
  if (container.service !== undefined || unread.length > 0 || services.length === 0 || name.includes('${'))
    return;
  yield {
    place: placeOf(document, service),
    message: `the compose files have no service ${name}${didYouMean(name, services) || `: they have ${services.slice(0, 5).join(', ')}`}`,
  };
}
