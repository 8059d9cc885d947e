import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, run } from './program.js';

const configPath = '.devcontainer/devcontainer.json';
const policyPath = '.devcontainer/harden-devcontainer.jsonc';
const shop = `{
  "name": "Shop",
  "image": "node:22-bookworm",
  // what everybody needs
  "postCreateCommand": "npm ci",
  "runArgs": ["--privileged"],
  "features": { "ghcr.io/devcontainers/features/docker-in-docker:2": {} }
}
`;

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

describe('init --adopt, bundled', () => {
  it('takes the one of a folder, and leaves no second way to start', () => {
    const folder = folderOf({ '.devcontainer/one/devcontainer.json': shop });
    expect(run(folder, 'init', '--yes', '--adopt').status).toBe(0);
    expect(() => read(folder, '.devcontainer/one/devcontainer.json')).toThrow('ENOENT');
    expect(read(folder, '.devcontainer/before-adoption/one/devcontainer.jsonc')).toContain('Shop');
  });

  it('wants to know which, where there are several', () => {
    const folder = folderOf({
      '.devcontainer/one/devcontainer.json': '{ "image": "debian:12" }',
      '.devcontainer/two/devcontainer.json': '{ "image": "debian:13" }',
    });
    const { status, stderr } = run(folder, 'init', '--yes', '--adopt');
    expect([status, stderr]).toEqual([2, expect.stringContaining('name one with --from')]);
    const named = ['init', '--yes', '--adopt', '--from', '.devcontainer/two/devcontainer.json'];
    expect(run(folder, ...named).status).toBe(0);
    expect(read(folder, policyPath)).toContain('"debian:13"');
  });

  it('keeps a database that compose starts beside', () => {
    const folder = folderOf({
      'compose.yml': 'services:\n  app: { build: . }\n  db: { image: "postgres:16", ports: ["5432:5432"] }\n',
      [configPath]: '{ "dockerComposeFile": "../compose.yml", "service": "app" }',
    });
    const { status, stderr } = run(folder, 'init', '--yes', '--adopt');
    expect([status, stderr]).toEqual([0, expect.stringContaining('kept     services.db')]);
    expect(stderr).not.toContain('does not exist');
    expect(read(folder, configPath)).toContain('["compose.yaml", "compose.services.yaml"]');
    expect(read(folder, '.devcontainer/compose.services.yaml')).toContain('service:gateway');
    expect(run(folder, 'init', '--check').status).toBe(0);
    expect(run(folder, 'lint', configPath).status).toBe(0);
  });
});
