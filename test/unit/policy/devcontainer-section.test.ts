import { describe, expect, it } from 'vitest';
import { parseJson, plainValue } from '../../../src/documents/json.js';
import { joinSection } from '../../../src/policy/devcontainer-section.js';

const rendered = `{
  // first
  "onCreateCommand": "/usr/local/bin/harden-ready",
  "containerEnv": {},
  "remoteEnv": { "PATH": "x" },
  "customizations": { "vscode": { "extensions": ["a.a"], "settings": { "s": false } } }
}
`;

function join(section: Readonly<Record<string, unknown>>) {
  const { text, refused } = joinSection('d.json', rendered, section);
  return {
    text,
    refused: refused.map(({ path }) => path.join(' ')),
    value: plainValue(parseJson({ path: 'd.json', text }).root) as Record<string, unknown>,
  };
}

describe('the own part of devcontainer.json', () => {
  it('adds to lists and objects and keeps the comments', () => {
    const { value, text } = join({
      customizations: { vscode: { extensions: ['A.A', 'b.b'] }, codespaces: {} },
      containerEnv: { FOO: '1' },
      forwardPorts: [3000],
    });
    expect(text).toContain('// first');
    expect(value).toMatchObject({
      customizations: { vscode: { extensions: ['a.a', 'b.b'] }, codespaces: {} },
      containerEnv: { FOO: '1' },
      forwardPorts: [3000],
    });
  });

  it('never takes the place of what is rendered', () => {
    const { refused, value } = join({
      remoteEnv: { PATH: 'y', OTHER: 'z' },
      customizations: { vscode: { settings: { s: true } } },
    });
    expect(refused).toEqual(['remoteEnv PATH', 'customizations vscode settings s']);
    expect(value.remoteEnv).toEqual({ PATH: 'x', OTHER: 'z' });
  });

  it.each([
    ['make x # it', '/usr/local/bin/harden-ready || exit 1\nmake x # it'],
    [
      ['make', 'x'],
      ['/bin/sh', '-c', '/usr/local/bin/harden-ready && exec "$@"', 'harden-devcontainer', 'make', 'x'],
    ],
    [
      { one: 'a' },
      {
        one: '/usr/local/bin/harden-ready || exit 1\na',
        'harden-devcontainer': '/usr/local/bin/harden-ready',
      },
    ],
    [{}, { 'harden-devcontainer': '/usr/local/bin/harden-ready' }],
  ])('runs a command behind the one that waits for the firewall: %j', (command, expected) => {
    expect(join({ onCreateCommand: command }).value.onCreateCommand).toEqual(expected);
  });

  it.each([
    'ghcr.io/devcontainers/features/docker-in-docker:2',
    'ghcr.io/devcontainers/features/sshd:1',
    'ghcr.io/devcontainers/features/go:1',
    'ghcr.io/x/y/common-utils@sha256:0',
    'docker-from-docker',
  ])('refuses the Feature %s', (id) => {
    const { refused, value } = join({ features: { [id]: {}, './own': {} } });
    expect(refused).toEqual([`features ${id}`]);
    expect(value.features).toEqual({ './own': {} });
  });

  it('gives tools no other value of what the container holds', () => {
    const { text } = joinSection(
      'd.json',
      rendered.replace('"containerEnv": {}', '"containerEnv": { "HELD": "1" }'),
      {
        remoteEnv: { HELD: '2', GIT_CONFIG_COUNT: '0', FREE: '3' },
      },
    );
    const { remoteEnv } = plainValue(parseJson({ path: 'd.json', text }).root) as Record<string, unknown>;
    expect(remoteEnv).toEqual({ PATH: 'x', FREE: '3' });
  });

  it('refuses variables that a program of root would obey', () => {
    const { refused, value } = join({ containerEnv: { LD_PRELOAD: '/x.so', BASH_ENV: 'x', A: 'b' } });
    expect([refused, value.containerEnv]).toEqual([
      ['containerEnv LD_PRELOAD', 'containerEnv BASH_ENV'],
      { A: 'b' },
    ]);
  });
});
