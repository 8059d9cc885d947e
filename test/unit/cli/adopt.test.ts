import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, runCli } from './run-cli.js';

const configPath = '.devcontainer/devcontainer.json';
const policyPath = '.devcontainer/harden-devcontainer.jsonc';
const old = `{
  "name": "Shop",
  "image": "node:22-bookworm",
  // what everybody needs
  "postCreateCommand": "npm ci",
  "runArgs": ["--privileged"],
  "features": { "ghcr.io/devcontainers/features/docker-in-docker:2": {}, "./local": {} },
  "customizations": { "vscode": { "extensions": ["dbaeumer.vscode-eslint"] } }
}
`;
const local = '{ "id": "local", "version": "1.0.0", "name": "local" }';

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

function project(more: Readonly<Record<string, string>> = {}): string {
  return folderWith({
    [configPath]: old,
    '.devcontainer/local/devcontainer-feature.json': local,
    '.devcontainer/local/install.sh': '#!/bin/sh\n',
    ...more,
  });
}

describe('init --adopt', () => {
  it("keeps what is the user's, names the rest, and moves aside what stood in the way", async () => {
    const folder = project({ '.devcontainer/Dockerfile': 'FROM node:22\n' });
    const { code, stderr } = await runCli(['init', '--yes', '--adopt'], folder);
    expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([
      0,
      expect.stringMatching(
        /kept name, image, postCreateCommand, features, customizations left out runArgs: .*runs the container privileged.* left out features\["ghcr\.io\/devcontainers\/features\/docker-in-docker:2"\]: it makes the container privileged/,
      ),
    ]);
    const config = read(folder, configPath);
    expect(config).toContain('"postCreateCommand": "npm ci"');
    expect(config).toContain('dbaeumer.vscode-eslint');
    expect(config).not.toContain('--privileged');
    expect(read(folder, '.devcontainer/Dockerfile')).toContain('FROM node:22-bookworm');
    expect(read(folder, policyPath)).toContain('// what everybody needs');
    expect(read(folder, '.devcontainer/before-adoption/Dockerfile')).toBe('FROM node:22\n');
    expect(read(folder, '.devcontainer/before-adoption/devcontainer.jsonc')).toBe(old);
    expect((await runCli(['init', '--check'], folder)).code).toBe(0);
  });

  it('is asked for: --yes alone replaces nothing and says how', async () => {
    const folder = project();
    const { code, stderr } = await runCli(['init', '--yes'], folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining('give --adopt')]);
    expect(read(folder, configPath)).toBe(old);
  });

  it('is asked for on a terminal, and shows what stays before any question', async () => {
    const terminal = (stdin: string) => ({ isTTY: true, env: { TERM: 'dumb' }, stdin });
    const folder = project();
    const quit = await runCli(['init'], folder, terminal('q\n'));
    expect([quit.code, read(folder, configPath)]).toEqual([2, old]);
    const no = await runCli(['init'], folder, terminal('a\nn\n'));
    expect([no.code, no.stdout]).toEqual([2, expect.stringMatching(/left out[\s\S]*Go on with that/)]);
    expect(read(folder, configPath)).toBe(old);
  });

  it.each([
    [{}, 'there is no devcontainer.json to adopt'],
    [{ [configPath]: '{ "a": ' }, 'not readable as JSON'],
    [{ [policyPath]: '{ "version": 1, "name": "x" }' }, 'belongs into its section "devcontainer"'],
  ])('refuses %j', async (files, message) => {
    const { code, stderr } = await runCli(['init', '--yes', '--adopt'], folderWith(files));
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('the section devcontainer of the policy', () => {
  const policy = (section: string) => `{ "version": 1, "name": "x", "devcontainer": ${section} }`;

  it.each([
    ['{ "runArgs": ["--privileged"] }', 'arguments of the engine could undo'],
    ['{ "postCreatCommand": "x" }', 'did you mean postCreateCommand'],
    ['{ "features": { "ghcr.io/devcontainers/features/sshd:1": {} } }', 'starts an ssh server'],
    ['{ "remoteEnv": { "PATH": "/x" } }', "the container's own value is needed"],
    ['{ "remoteEnv": { "DOCKER_HOST": "tcp://host.docker.internal:2375" } }', 'no-container-runtime-access'],
  ])('is refused at its place: %s', async (section, message) => {
    const folder = folderWith({ [policyPath]: policy(section) });
    const { code, stderr } = await runCli(['init', '--yes'], folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).toContain(`${policyPath}:1:`);
  });

  it('changes what is rendered', async () => {
    const folder = folderWith({ [policyPath]: policy('{ "forwardPorts": [3000] }') });
    expect((await runCli(['init', '--yes'], folder)).code).toBe(0);
    writeFileSync(join(folder, policyPath), policy('{ "forwardPorts": [3001] }'));
    expect((await runCli(['init', '--check'], folder)).code).toBe(1);
  });
});
