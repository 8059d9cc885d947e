import { describe, expect, test } from 'vitest';
import { fixFiles, lintFiles, memoryProject } from '../../src/index.js';
import { misplaced } from './mutate.js';
import { isDeep } from './runs.js';

type Files = Readonly<Record<string, string>>;

const config = '.devcontainer/devcontainer.json';
const path = '.devcontainer/compose.yaml';

function list<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function withCompose(compose: string | Files): Files {
  const files = typeof compose === 'string' ? { [path]: compose } : compose;
  return { [config]: '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n', ...files };
}

async function lintAll(compose: string | Files) {
  const files = withCompose(compose);
  const result = await lintFiles([config], memoryProject(files), { persona: 'pedantic' });
  expect(misplaced(result.findings, files)).toEqual([]);
  return result;
}

const letters = 'abcdefghij'.split('');
const deep = 10_000;

/** What makes a file, or a part of it, one that nobody can read: a finding says so, at its place. */
const unreadable: Readonly<Record<string, string | Files>> = {
  'aliases that stand for billions': [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...letters.slice(1).map((name, index) => `${name}: &${name} [${list(9, () => `*${letters[index]}`)}]`),
    'services: { app: { image: a:1, volumes: *j } }',
  ].join('\n'),
  'an alias inside of what it names': 'services: { app: &a { image: a:1, <<: *a } }\n',
  'aliases before their anchors': 'x: &x { <<: *y }\ny: &y { <<: *x }\nservices: { app: { <<: *y } }\n',
  'thousands of brackets': `services: { app: { image: a:1, volumes: ${'['.repeat(deep)}${']'.repeat(deep)} } }\n`,
  'thousands of open braces': `services: ${'{a: '.repeat(deep)}`,
  'thousands of lists in lists': `${'- '.repeat(deep)}a\n`,
  'a long text': `services: { app: { image: "${'a'.repeat(isDeep ? 20_000_000 : 2_000_000)}" } }\n`,
  'many megabytes of lines': `services:\n${'  app: { image: a }\n'.repeat(isDeep ? 500_000 : 100_000)}`,
  'null bytes': 'services:\n  app:\n    image: "a\u0000b"\n    volumes: ["\u0000:/x"]\n',
  'escapes for a terminal': 'services:\n  app:\n    image: "x\u001b]0;evil\u0007"\n    ports: ["80:80"]\n',
  tabs: 'services:\n\tapp:\n\t\timage: a\n',
  'two tags': 'services: !reset !override { app: { image: a:1 } }\n',
  'an open string': 'services: "',
  'services that extend each other':
    'services: { app: { extends: b }, b: { extends: c }, c: { extends: app } }\n',
  'a service that extends itself': 'services: { app: { extends: { file: compose.yaml, service: app } } }\n',
  'a long chain of extends': `services:\n${list(200, (index) => `  ${index ? `s${index}` : 'app'}: { extends: s${index + 1} }\n`).join('')}`,
  nothing: '',
  'a byte order mark alone': '\uFEFF',
  'the end of a document': '...',
  'an anchor alone': '&a',
};

/** What is odd, but says something: it is read as far as that goes. */
const odd: Readonly<Record<string, string | Files>> = {
  'merge keys that double': [
    'x0: &x0 { a: 1 }',
    ...list(60, (index) => `x${index + 1}: &x${index + 1} { <<: [*x${index}, *x${index}], k${index}: 1 }`),
    'services: { app: { <<: *x60, image: a:1 } }',
  ].join('\n'),
  'tags of other languages':
    'services: { app: !!set { image, privileged }, b: !!binary "AAAA", c: !!python/object/apply:os.system ["id"] }\n',
  'lone surrogates':
    'services: { app: { image: "\ud800", volumes: ["\udfff:/x", "/run/docker.sock:/\ud800"] } }\n',
  'duplicate keys': `services:\n  app:\n${'    image: a:1\n'.repeat(1000)}`,
  'wrong types':
    'services: [a, b]\nvolumes: 1\nnetworks: [x]\nsecrets: true\nconfigs: "x"\ninclude: { a: b }\n',
  'wrong types in a service':
    'services: { app: { image: [], build: [], volumes: { a: b }, ports: { a: b }, environment: 5, env_file: { a: b }, secrets: { a: b }, cap_add: { a: b }, devices: 1, deploy: [], extends: [], network_mode: {}, networks: 4, user: [], privileged: {}, tmpfs: { a: 1 }, credential_spec: 1, post_start: 1, sysctls: 1, entrypoint: { a: 1 } }, b: 5, c: null, "": {} }\n',
  'several documents':
    '---\nservices: { app: { image: a:1 } }\n---\nservices: { app: { init: true } }\n...\n',
  'variables in variables': `services: { app: { image: "${'${A:-'.repeat(10_000)}${'}'.repeat(10_000)}" } }\n`,
  'variables that do not end': `services: { app: { image: "${'${'.repeat(10_000)}" } }\n`,
  'an .env file that doubles': {
    '.devcontainer/.env': `A=xxxxxxxxxx\n${list(60, (index) => `A${index}=\${A${index || ''}}\${A${index || ''}}\n`).join('')}`,
    [path]: 'services: { app: { image: "${A59}", volumes: ["${A59}:/x"] } }\n',
  },
  'files that include each other': {
    [path]: 'include: [a.yaml]\nservices: { app: { image: a:1 } }\n',
    '.devcontainer/a.yaml': 'include: [b.yaml]\n',
    '.devcontainer/b.yaml': 'include: [a.yaml, compose.yaml]\n',
  },
  'names of prototypes':
    'services: { __proto__: { image: a:1 }, constructor: { image: b:1 }, app: { environment: { __proto__: x, toString: y } } }\n',
  'thousands of ports': `services:\n  app:\n    image: a:1\n    ports:\n${list(isDeep ? 3000 : 300, (index) => `      - "${index + 1}:1"\n`).join('')}`,
  'thousands of services': `services:\n${list(isDeep ? 500 : 100, (index) => `  s${index}: { image: a:1, ports: ["80:80"] }\n`).join('')}`,
};

describe('a compose file of no good will', () => {
  test.each(Object.entries(unreadable))('%s: told, at a place', async (_name, compose) => {
    const { findings, complete } = await lintAll(compose);
    expect(complete).toBe(false);
    const told = findings.filter(({ ruleId }) =>
      /^no-(?:unreadable-file|unresolved-reference)$/.test(ruleId),
    );
    expect(told.map(({ place }) => place.file.path)).toContain(path);
  });

  test.each(Object.entries(odd))('%s: read', async (_name, compose) => {
    await lintAll(compose);
  });

  test('fixes of thousands of ports and services end', async () => {
    for (const name of ['thousands of ports', 'thousands of services']) {
      const project = memoryProject(withCompose(odd[name] ?? ''));
      const result = await fixFiles([config], project, ({ ruleId, fixes }) =>
        ruleId === 'no-public-port-binding' ? fixes[0] : undefined,
      );
      expect(result.rolledBack).toEqual([]);
      expect(result.texts.get(path)).not.toMatch(/"\d+:\d+"/);
    }
  });
});
