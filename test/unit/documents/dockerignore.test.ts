import { describe, expect, test } from 'vitest';
import { isDockerIgnored } from '../../../src/documents/dockerignore.js';

describe('.dockerignore', () => {
  test.each([
    ['.env', '.env', true],
    ['.env', 'app/.env', false],
    ['**/.env', 'app/.env', true],
    ['**/.env', '.env', true],
    ['*.pem', 'certs/a.pem', false],
    ['certs', 'certs/a.pem', true],
    ['/certs/', 'certs/a.pem', true],
    ['./certs', 'certs/a.pem', true],
    ['*', 'a/b', true],
    ['*\n!a', 'a/b', false],
    ['*\n!a\na/b', 'a/b', true],
    ['# .env\n\n', '.env', false],
    ['\uFEFF.env\r\nb', '.env', true],
    ['! .env', '.env', false],
    ['*/*.key', 'a/b.key', true],
    ['.', 'x', true],
  ])('%j leaves %s out: %s', (text, path, expected) => {
    expect(isDockerIgnored({ path: '.dockerignore', text }, path)).toBe(expected);
  });
});
