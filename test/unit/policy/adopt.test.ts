import { describe, expect, it } from 'vitest';
import { readAdoption, sectionText, sectionValue } from '../../../src/policy/adopt.js';
import { unusableImage } from '../../../src/policy/debian-images.js';

const path = '.devcontainer/devcontainer.json';
const adopt = (text: string, at = path) => readAdoption({ path: at, text }, []);

describe('an existing devcontainer.json', () => {
  it('keeps what the policy has a place for, with its comments', () => {
    const text =
      '{\r\n  // why\r\n  "postCreateCommand": "npm ci", // here\r\n  "remoteUser": "node"\r\n}\r\n';
    const { section, notes } = adopt(text);
    expect(sectionText(section)).toBe('{\n  // why\n  "postCreateCommand": "npm ci" // here\n}');
    expect(notes.map((note) => [note.path, note.fate])).toEqual([[['remoteUser'], 'replaced']]);
  });

  it('moves the form of old days to where it is read today', () => {
    const { section } = adopt(
      '{ "extensions": ["a.b"], "settings": { "x": 1, "y": 2 }, "customizations": { "vscode": { "settings": { "x": 3 } } } }',
    );
    expect(sectionValue(section, ['customizations', 'vscode'])).toEqual({
      extensions: ['a.b'],
      settings: { x: 3, y: 2 },
    });
  });

  it('takes the last of several definitions of a key, as the tools do', () => {
    const { section } = adopt('{ "postCreateCommand": "old", "postCreateCommand": "new" }');
    expect(sectionText(section)).toBe('{ "postCreateCommand": "new" }');
  });

  it('names local Features from .devcontainer', () => {
    const { section, notes } = adopt(
      '{ "features": { "./.devcontainer/f": {}, "./g": {} } }',
      '.devcontainer.json',
    );
    expect(sectionValue(section, ['features'])).toEqual({ './f': {} });
    expect(notes.map((note) => [note.path[1], note.fate])).toEqual([
      ['./.devcontainer/f', 'kept'],
      ['./g', 'left'],
    ]);
  });

  it('publishes the ports that stand for themselves', () => {
    const { publish, notes } = adopt('{ "appPort": [3000, "4000:4000", "5000:80", "0.0.0.0:6000:6000"] }');
    expect(publish).toEqual([3000, 4000]);
    expect(notes.filter(({ fate }) => fate === 'left')).toHaveLength(2);
  });

  it('says where it cannot be read', () => {
    expect(() => adopt('{ "a": ')).toThrow('not readable as JSON');
    expect(() => adopt('[]')).toThrow('by an object');
  });
});

describe('a base image', () => {
  it.each([
    'debian:bookworm-slim',
    'node:22',
    'mcr.microsoft.com/devcontainers/python:3.12',
    'mcr.microsoft.com/dotnet/sdk:9.0',
    'docker.io/library/ubuntu:24.04',
  ])('%s can be built on', (image) => expect(unusableImage(image)).toBeUndefined());

  it.each([
    'node:22-alpine',
    'mcr.microsoft.com/devcontainers/go:1',
    'mcr.microsoft.com/devcontainers/base:alpine',
    'example.test/ours:1',
    'debian:buster',
    'evil:1\nRUN id',
    '${localEnv:IMAGE}',
    '',
  ])('%s cannot', (image) => expect(unusableImage(image)).toBeTypeOf('string'));
});
