import type { Container } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { isCreatedHere, placeOfContainer } from '../../container/place.js';
import type { Rule } from '../../core/rule.js';

export const requireCapDropAll: Rule<'container'> = {
  id: 'require-cap-drop-all',
  on: 'container',
  severity: 'info',
  confidence: 'high',
  persona: 'pedantic',
  summary: 'Drop the capabilities that engines give by default',
  why: 'Docker gives root in the container fourteen parts of the power of root, such as writing over every file mode, forging packets and making device nodes. Development needs almost none of them, and each has been one step of an escape.',
  references: [
    'https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities',
    'https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html#rule-3-limit-capabilities-grant-only-specific-capabilities-needed-by-a-container',
    'https://cwe.mitre.org/data/definitions/250.html',
  ],
  examples: [
    {
      bad: '{\n  "image": «"node:24"»,\n  "remoteUser": "node"\n}\n',
      fixed: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "runArgs": ["--cap-drop=ALL"]\n}\n',
    },
    {
      bad: '{\n  "image": «"node:24"»,\n  "runArgs": ["--cap-drop", "NET_RAW"]\n}\n',
      fixed: '{\n  "image": "node:24",\n  "runArgs": ["--cap-drop", "NET_RAW", "--cap-drop=ALL"]\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "dockerComposeFile": "compose.yaml", "service": "app", "runArgs": ["--cap-drop=ALL"] }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: «node:24»\n    cap_drop:\n      - NET_RAW\n  db:\n    image: postgres:18\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{ "dockerComposeFile": "compose.yaml", "service": "app", "runArgs": ["--cap-drop=ALL"] }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: node:24\n    cap_drop:\n      - NET_RAW\n      - ALL\n  db:\n    image: postgres:18\n',
      },
    },
  ],
  good: [
    '{ "image": "node:24", "runArgs": ["--cap-drop=all", "--cap-add=CHOWN"] }',
    '{ "image": "node:24", "runArgs": ["--cap-drop", "CAP_ALL"], "capAdd": ["SETUID"] }',
    {
      '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }',
      '.devcontainer/compose.yaml':
        'x-base: &base { cap_drop: [all] }\nservices: { app: { <<: *base, image: node:24 } }\n',
    },
    '{ "name": "not a container" }',
  ],
  *check(container) {
    if (!isCreatedHere(container) || dropsAll(container)) return;
    yield {
      place: placeOfContainer(container),
      message:
        'the container keeps the capabilities that the engine gives by default, for nothing drops them',
      fixes: () => listFixes(container),
    };
  },
};

function dropsAll({ options }: Container): boolean {
  return options.some(
    ({ value: { name, value } }) =>
      name === '--cap-drop' && /(?:^|,)\s*(?:cap_)?all\s*(?:,|$)/i.test(value ?? ''),
  );
}

function listFixes(container: Container) {
  return offerFix(
    'drop all capabilities',
    'what needs one, such as sudo SETUID and SETGID or a firewall NET_ADMIN, has to be given it in capAdd',
    container.addOptions([{ name: '--cap-drop', value: 'ALL' }]),
  );
}
