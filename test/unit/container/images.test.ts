import { describe, expect, test } from 'vitest';
import { splitImage } from '../../../src/container/image-references.js';
import { lintProject, memoryProject } from '../../../src/index.js';
import { read, values } from './read.js';

describe('an image reference', () => {
  test.each([
    ['node', 'node', undefined, undefined],
    ['node:24', 'node', '24', undefined],
    ['localhost:5000/team/dev', 'localhost:5000/team/dev', undefined, undefined],
    ['localhost:5000/team/dev:1', 'localhost:5000/team/dev', '1', undefined],
    ['a/b@sha256:0a', 'a/b', undefined, 'sha256:0a'],
    ['a/b:2@sha256:0a', 'a/b', '2', 'sha256:0a'],
    ['${localEnv:A:b/c}', '${localEnv:A:b/c}', undefined, undefined],
    ['node:${V:-24}', 'node', '${V:-24}', undefined],
    ['', '', undefined, undefined],
  ])('%s', (reference, name, tag, digest) => {
    expect(splitImage(reference)).toMatchObject({ name, tag, digest, open: reference.includes('$') });
  });
});

describe('the images of a build', () => {
  const config = (build: object) => ({ build: { dockerfile: 'Dockerfile', ...build } });
  const text = [
    'FROM node:24 AS base',
    'FROM golang AS tools',
    'FROM rust AS unused',
    'FROM base AS dev',
    'COPY --from=tools /a /a',
    'COPY --from=0 /a /b',
    'COPY --from=caddy:2 /a /c',
    'RUN --mount=type=bind,from=alpine,target=/m --mount=type=cache,target=/c true',
    'FROM scratch AS last',
  ].join('\n');

  test.each([
    [{ target: 'dev' }, ['node:24', 'golang', 'caddy:2', 'alpine']],
    [{ target: 'tools' }, ['golang']],
    [{}, []],
  ])('are those that %j needs', async (build, expected) => {
    const container = await read(config(build), { '.devcontainer/Dockerfile': text });
    expect(values(container.images).map(({ reference }) => reference)).toEqual(expected);
  });
});

describe('a Dockerfile that is named itself', () => {
  const lint = async (path: string, text: string) => {
    const { findings, complete } = await lintProject(memoryProject({ [path]: text }), [path]);
    return {
      found: findings.map(({ ruleId, place: { at } }) => `${ruleId} ${text.slice(at.start, at.end)}`),
      complete,
    };
  };

  test.each(['Dockerfile', 'docker/Containerfile', 'dev.Dockerfile', 'Dockerfile.dev'])(
    '%s',
    async (path) => {
      expect(await lint(path, 'FROM debian AS unused\nFROM node:24\nUSER node\n')).toEqual({
        found: ['pin-image-tag debian'],
        complete: true,
      });
    },
  );

  test('without a stage is not taken for clean', async () => {
    expect(await lint('Dockerfile', 'RUN true\n')).toEqual({
      found: ['no-unreadable-file '],
      complete: false,
    });
  });
});
