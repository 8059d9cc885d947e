import { describe, expect, it } from 'vitest';
import { adoptServices, readServices } from '../../../src/policy/adopt-compose.js';
import { memoryProject } from '../../../src/project/memory.js';

const source = (services: object, volumes = {}, path = 'docker-compose.yml') => ({
  path,
  value: { services, volumes },
});
const read = (text: string | undefined) =>
  JSON.parse((text ?? '').replace(/^#.*$/gm, '')) as {
    services: Record<string, Record<string, unknown>>;
    volumes: object;
  };

describe('services beside the workspace', () => {
  it('join the network of the gateway under their names', () => {
    const { text, notes } = adoptServices(
      [source({ app: { build: '.' }, db: { image: 'postgres:16', ports: ['5432:5432'], privileged: true } })],
      'app',
    );
    const { services } = read(text);
    expect(services.gateway).toEqual({ extra_hosts: ['db:127.0.0.1'] });
    expect(services.db).toMatchObject({ image: 'postgres:16', network_mode: 'service:gateway' });
    expect(Object.keys(services.db ?? {})).not.toContain('ports');
    expect(notes.map(({ path, fate }) => `${path.join('.')} ${fate}`)).toEqual([
      'services.db.ports left',
      'services.db.privileged left',
      'services.db kept',
      'services.app replaced',
    ]);
  });

  it('keep volumes by name and files of the project, and nothing else of the host', () => {
    const db = {
      volumes: [
        'data:/var/lib',
        './init:/init',
        '/etc:/host',
        '~/.ssh:/k',
        '../../other:/o',
        '/anonymous',
        7,
      ],
      env_file: 'db.env',
      build: { context: './db', args: { A: '1' }, network: 'host' },
    };
    const { text, notes } = adoptServices([source({ db }, { data: null })], 'app');
    const { services, volumes } = read(text);
    expect(services.db?.volumes).toEqual(['data:/var/lib', '../init:/init:ro', '/anonymous']);
    expect(services.db?.env_file).toEqual(['../db.env']);
    expect(services.db?.build).toEqual({ context: '../db', args: { A: '1' } });
    expect(volumes).toEqual({ data: {} });
    expect(notes.filter(({ path }) => path[2] === 'volumes')).toHaveLength(4);
  });

  it('are built from a Dockerfile that was moved aside, where it was the one that init replaces', () => {
    const built = (build: unknown) =>
      read(adoptServices([source({ x: { build } }, {}, '.devcontainer/compose.yml')], 'app').text).services.x
        ?.build;
    expect(built('.')).toEqual({ context: './', dockerfile: 'before-adoption/Dockerfile' });
    expect(built({ context: '..', dockerfile: '.devcontainer/Dockerfile' })).toEqual({
      context: '..',
      dockerfile: '.devcontainer/before-adoption/Dockerfile',
    });
    expect(built({ context: '..' })).toEqual({ context: '..' });
  });

  it('are read from all files of a configuration, the later over the earlier', async () => {
    const project = memoryProject({
      'a.yml': 'services: { app: {}, db: { image: a, user: x } }\n',
      'b.yml': 'services: { db: { image: b } }\n',
    });
    const config = (files: string) => ({ path: '.devcontainer/devcontainer.json', text: files });
    const text = '{ "dockerComposeFile": ["../a.yml", "../b.yml", "../gone.yml"], "service": "app" }';
    expect(read((await readServices(config(text), project)).text).services.db).toMatchObject({
      image: 'b',
      user: 'x',
    });
    expect((await readServices(config('{ "image": "debian" }'), project)).text).toBeUndefined();
    expect(
      (await readServices(config('{ "dockerComposeFile": "../a.yml", "service": "db" }'), project)).notes,
    ).toContainEqual(expect.objectContaining({ path: ['services', 'app'], fate: 'kept' }));
  });
});
