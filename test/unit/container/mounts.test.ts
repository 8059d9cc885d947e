import { describe, expect, test } from 'vitest';
import { parseJson, plainValue } from '../../../src/documents/json.js';
import { edited, read, texts, values } from './read.js';

const image = { image: 'debian:13' };
const compose = { dockerComposeFile: 'compose.yml', service: 'app' };
const source = '${localEnv:HOME}/.ssh';

describe('one mount in every spelling', () => {
  const strings = [
    `type=bind,source=${source},target=/x`,
    `source=${source},target=/x,type=bind`,
    `src=${source},dst=/x,type=bind`,
    `TYPE=BIND,Source=${source},Destination=/x`,
    `type=bind,"source=${source}","target=/x"`,
    `type=bind,source=${source},target=/x,consistency=cached`,
    `type=bind,source=${source},target=/x,readonly=false`,
    `source=${source},target=/x`,
    `type=volume,source=${source},target=/x`,
    `type=volume,target=/x,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=${source}`,
  ];
  const short = `${source}:/x`;
  const configs: [string, unknown][] = [
    ...strings.map((mount): [string, unknown] => [mount, { ...image, mounts: [mount] }]),
    ...strings.map((mount): [string, unknown] => [
      `--mount ${mount}`,
      { ...image, runArgs: ['--mount', mount] },
    ]),
    ['--mount=', { ...image, runArgs: [`--mount=${strings[0]}`] }],
    ['workspaceMount', { ...image, workspaceMount: strings[0] }],
    ['object', { ...image, mounts: [{ type: 'bind', source, target: '/x' }] }],
    ['object without type', { ...image, mounts: [{ source, target: '/x' }] }],
    ['one string for the list', { ...image, mounts: strings[0] }],
    ['one object for the list', { ...image, mounts: { type: 'bind', source, target: '/x' } }],
    ['-v a:b', { ...image, runArgs: ['-v', short] }],
    ['-va:b', { ...image, runArgs: [`-v${short}`] }],
    ['-v=a:b', { ...image, runArgs: [`-v=${short}`] }],
    ['-v a:b in one', { ...image, runArgs: [`-v ${short}`] }],
    ['--volume a:b', { ...image, runArgs: ['--volume', short] }],
    ['--volume=a:b', { ...image, runArgs: [`--volume=${short}`] }],
    ['--volume a:b in one', { ...image, runArgs: [`--volume ${short}`] }],
    ['-itv a:b', { ...image, runArgs: ['-itv', short] }],
    ['-itva:b', { ...image, runArgs: [`-itv${short}`] }],
    ['-v a:b:z', { ...image, runArgs: ['-v', `${short}:z`] }],
    ['after a value that looks like a flag', { ...image, runArgs: ['--name', '--x', '-v', short] }],
    ['a string for runArgs', { ...image, runArgs: `--init -v ${short}` }],
    ['an object for runArgs', { ...image, runArgs: { a: '-v', b: short } }],
    ['compose', { ...compose, mounts: [`source=${source},target=/x`] }],
    [
      'compose, with options that are lost',
      { ...compose, mounts: [`type=bind,source=${source},target=/x,readonly`] },
    ],
    ['compose, as volume', { ...compose, mounts: [{ type: 'volume', source, target: '/x' }] }],
  ];

  test.each(configs)('%s', async (_, config) => {
    const container = await read(config);
    expect(values(container.mounts)).toEqual([
      {
        type: 'bind',
        source,
        target: '/x',
        readOnly: false,
        host: { base: 'home', segments: ['.ssh'], up: 0, variable: 'HOME', ignoreCase: false, live: true },
      },
    ]);
    const [mount] = container.mounts;
    if (typeof (config as { runArgs?: unknown }).runArgs === 'string') return;
    const after = edited(container, mount?.remove());
    expect(parseJson({ path: 'x', text: after }).problems).toEqual([]);
    expect((await read(after)).mounts).toEqual([]);
    const volume = edited(container, mount?.toVolume('data'));
    expect(values((await read(volume)).mounts)).toEqual([
      { type: 'volume', source: 'data', target: '/x', readOnly: false, host: undefined },
    ]);
    const readOnly = mount?.toReadOnly();
    const isCompose = 'dockerComposeFile' in (config as object);
    expect(readOnly === undefined).toBe(isCompose);
    if (readOnly) {
      const again = values((await read(edited(container, readOnly))).mounts);
      expect(again).toMatchObject([
        { type: 'bind', target: '/x', readOnly: true, host: { segments: ['.ssh'] } },
      ]);
    }
  });
});

describe('mounts', () => {
  test.each([
    ['type=bind,source=/a,target=/b,readonly', { readOnly: true }],
    ['type=bind,source=/a,target=/b,ro', { readOnly: true }],
    ['type=bind,source=/a,target=/b,readonly=1', { readOnly: true }],
    ['type=bind,source=/a,target=/b,ro=0', { readOnly: false }],
    ['type=bind,source=/a,target=/b,ro,readonly=false', { readOnly: false }],
    ['type=bind,"source=/a,b",target=/b', { source: '/a,b', target: '/b' }],
    ['type=bind,source=/a=b,target=/b', { source: '/a=b' }],
    ['type=tmpfs,target=/b', { type: 'tmpfs', source: undefined, host: undefined }],
    ['source=cache,target=/b', { type: 'volume', source: 'cache', host: undefined }],
    ['source=${localEnv:USER}-cache,target=/b', { type: 'volume', host: undefined }],
    ['source=x-${devcontainerId},target=/root/.ssh,type=volume', { type: 'volume', host: undefined }],
    ['target=/b', { type: 'volume', source: undefined }],
    ['type=npipe,source=\\\\.\\pipe\\docker_engine,target=\\\\.\\pipe\\docker_engine', { type: 'npipe' }],
    [
      'type=volume,source=nfs,target=/b,volume-opt=type=nfs,volume-opt=device=:/x',
      { type: 'volume', source: 'nfs' },
    ],
    ['type=bind,source=~/.ssh,target=/b', { host: expect.objectContaining({ base: 'home', live: false }) }],
  ])('%s', async (mount, expected) => {
    const container = await read({ ...image, mounts: [mount] });
    expect(values(container.mounts)).toEqual([expect.objectContaining(expected)]);
    expect(texts(container.mounts)).toEqual([JSON.stringify(mount)]);
  });

  test.each([
    ['/a:/b:ro', { type: 'bind', source: '/a', target: '/b', readOnly: true }],
    ['/a:/b:z,ro', { readOnly: true }],
    ['/a:/b:rw', { readOnly: false }],
    ['/data', { type: 'volume', source: undefined, target: '/data' }],
    ['cache:/data', { type: 'volume', source: 'cache' }],
    ['C:\\a:/b:ro', { type: 'bind', source: 'C:\\a', target: '/b', readOnly: true }],
    ['${localEnv:X:/d}:/b', { source: '${localEnv:X:/d}', target: '/b' }],
    ['./a:/b', { type: 'bind', host: expect.objectContaining({ base: 'workspace', segments: ['a'] }) }],
    [
      '${localEnv:SSH_AUTH_SOCK}:/agent',
      { type: 'bind', host: expect.objectContaining({ variable: 'SSH_AUTH_SOCK' }) },
    ],
    ['//./pipe/docker_engine://./pipe/docker_engine', { type: 'npipe' }],
  ])('-v %s', async (mount, expected) => {
    const container = await read({ ...image, runArgs: ['-v', mount] });
    expect(values(container.mounts)).toEqual([expect.objectContaining(expected)]);
  });

  test('under compose lose their read-only option, their quotes and keys in capitals', async () => {
    const mounts = ['source=/a,target=/b,type=bind,readonly', 'Source=/c,target=/d'];
    const container = await read({ ...compose, mounts, runArgs: ['-v', '/e:/f'], workspaceMount: mounts[0] });
    expect(values(container.mounts)).toMatchObject([
      { type: 'bind', source: '/a', readOnly: false },
      { type: 'volume', source: undefined, target: '/d' },
    ]);
  });

  test('a target that devcontainer.json mounts takes the place of a Feature’s', async () => {
    const feature = JSON.stringify({
      mounts: ['source=/,target=/x,type=bind', 'source=/a,target=/y,type=bind'],
    });
    const container = await read(
      { ...image, features: { './f': {} }, mounts: ['source=/b,target=/x,type=bind'] },
      { '.devcontainer/f/devcontainer-feature.json': feature },
    );
    expect(values(container.mounts).map((mount) => mount.source)).toEqual(['/a', '/b']);
    expect(container.mounts[0]?.place.file.path).toBe('.devcontainer/f/devcontainer-feature.json');
  });

  test('keep the other fields as they stand', async () => {
    const container = await read({ ...image, mounts: ['dst=/x,src=/a,type=bind,consistency=cached'] });
    const [mount] = container.mounts;
    const list = (text: string) => plainValue(parseJson({ path: 'x', text }).root);
    expect(list(edited(container, mount?.toVolume('v')))).toMatchObject({
      mounts: ['dst=/x,src=v,type=volume'],
    });
    expect(list(edited(container, mount?.toReadOnly()))).toMatchObject({
      mounts: ['dst=/x,src=/a,type=bind,consistency=cached,readonly'],
    });
  });
});
