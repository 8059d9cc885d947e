import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../src/cli/arguments.js';
import { runInit } from '../../../src/cli/commands/init.js';
import { commandSpecs } from '../../../src/cli/flags.js';
import { readPlainly } from '../../../src/cli/parse.js';
import { initOptions } from '../../../src/cli/run.js';
import { useRegistries } from '../registry/registry-server.js';
import { folderWith } from './run-cli.js';

const hub = 'registry-1.docker.io';
const registries = useRegistries([hub, 'mcr.microsoft.com']);
const lockPath = '.devcontainer/harden-devcontainer-lock.json';
const digestOf = (digit: string) => `sha256:${digit.repeat(64)}`;

const image = (path: string, tag: string, digest: string) =>
  registries().routes.set(`${path}/manifests/${tag}`, (_request, response) => {
    response.setHeader('docker-content-digest', digest);
    response.end();
  });

async function init(folder: string, ...words: string[]) {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) =>
    new PassThrough().setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  const io = {
    argv: words,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    stdin: new PassThrough(),
    cwd: folder,
    env: {},
  };
  const spec = commandSpecs.find(({ name }) => name === 'init');
  const given = spec && readPlainly(spec, words);
  if (!spec || !given) throw new Error(`not understood: ${words.join(' ')}`);
  const code = await runInit(initOptions(readArguments(spec, given)), io, registries().wires);
  return { code, ...texts, read: (path: string) => readFileSync(join(folder, path), 'utf8') };
}

const node = () => {
  image(`${hub}/v2/library/node`, '24.19.0-bookworm-slim', digestOf('a'));
  image(`${hub}/v2/library/debian`, 'bookworm-20260803-slim', digestOf('b'));
  image('mcr.microsoft.com/v2/dotnet/sdk', '10.0.401-noble', digestOf('c'));
};

describe('init --online --pin', () => {
  it('takes each image by the digest that its tag has, and keeps it without asking again', async () => {
    node();
    const folder = folderWith({ 'package.json': '{}' });
    const flags = ['--yes', '--agent', 'none', '--stack', 'node,dotnet', '--shape', 'sidecar'];
    const { code, stderr, read } = await init(folder, ...flags, '--online', '--pin');
    expect([code, stderr]).toEqual([0, expect.stringContaining(`asked mcr.microsoft.com (1), ${hub} (2)`)]);
    const from = read('.devcontainer/Dockerfile').match(/^FROM .*/gm);
    expect(from).toEqual([
      `FROM mcr.microsoft.com/dotnet/sdk:10.0.401-noble@${digestOf('c')} AS copy0`,
      `FROM debian:bookworm-20260803-slim@${digestOf('b')} AS gateway`,
      `FROM node:24.19.0-bookworm-slim@${digestOf('a')} AS workspace`,
    ]);
    registries().requests.length = 0;
    expect((await init(folder, '--check')).stderr).toContain('nothing to change');
    expect(registries().requests).toEqual([]);
  });

  it('writes nothing where a registry knows an image no more', async () => {
    const folder = folderWith({});
    const run = init(folder, '--yes', '--agent', 'none', '--stack', 'node', '--online', '--pin');
    await expect(run).rejects.toThrow(/--pin: .*node:24\.19\.0-bookworm-slim.*nothing was written/);
    expect(() => readFileSync(join(folder, lockPath))).toThrow();
  });

  it('says what a lock has no digest of, and which of its digests nothing uses', async () => {
    const images = { 'golang:1.0-bookworm': digestOf('d') };
    const folder = folderWith({ [lockPath]: JSON.stringify({ version: 1, images }) });
    const { code, stderr, read } = await init(folder, '--yes', '--agent', 'none', '--stack', 'node');
    expect(code).toBe(0);
    expect(stderr).toContain(`${lockPath} has no digest of node:24.19.0-bookworm-slim`);
    expect(stderr).toContain(`${lockPath} has digests of golang:1.0-bookworm, which nothing is built from`);
    expect(read('.devcontainer/Dockerfile')).toContain('FROM node:24.19.0-bookworm-slim\n');
  });

  it.each([
    ['{', 'not readable as JSON'],
    ['{ "version": 1, "images": { "node:24": "latest" } }', 'is no lock of images'],
    ['{ "version": 2, "images": {} }', 'is no lock of images'],
    ['{ "version": 1, "images": { "node:24\\nRUN id": "sha256:0" } }', 'is no lock of images'],
  ])('refuses the lock %s, at its place', async (text, message) => {
    const folder = folderWith({});
    await init(folder, '--yes', '--agent', 'none', '--stack', 'node');
    writeFileSync(join(folder, lockPath), text);
    await expect(init(folder, '--yes')).rejects.toThrow(message);
  });

  it.each([
    [['--pin'], '--pin asks registries'],
    [['--online'], '--online does nothing without --pin'],
    [['--check', '--online', '--pin'], '--check and --pin'],
  ])('refuses %j', async (flags, message) => {
    await expect(init(folderWith({}), ...flags)).rejects.toThrow(message);
  });
});
