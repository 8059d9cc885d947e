import { describe, expect, test } from 'vitest';
import { showHostPath } from '../../../src/container/path-pattern.js';
import { edited, read, texts, values } from './read.js';

const config = { dockerComposeFile: 'compose.yaml', service: 'app' };

/** The container of service `app`; the text stands below `services:` unless it says more. */
function compose(text: string, files: Readonly<Record<string, string>> = {}, more: object = {}) {
  const whole = /^\w/.test(text) ? text : `services:\n${text}`;
  return read({ ...config, ...more }, { '.devcontainer/compose.yaml': whole, ...files });
}

async function places(volume: string, files: Readonly<Record<string, string>> = {}) {
  const { mounts } = await compose(`services:\n  app:\n    volumes:\n      - ${volume}\n`, files);
  return mounts.map(({ value }) => (value.host ? showHostPath(value.host) : value.type));
}

describe('which files', () => {
  test('a list: later ones override, paths are relative to the first', async () => {
    const {
      image,
      mounts,
      capabilities,
      compose: parts,
    } = await read(
      { dockerComposeFile: ['../compose.yaml', 'more/compose.yaml'], service: 'app' },
      {
        'compose.yaml': 'services: { app: { image: a, cap_add: [CHOWN], volumes: ["./x:/x"] } }',
        '.devcontainer/more/compose.yaml':
          'services: { app: { image: b, cap_add: [KILL, CHOWN], volumes: ["./y:/y", "zz:/x"] } }',
      },
    );
    expect(image?.value).toBe('b');
    expect(values(capabilities)).toEqual(['CHOWN', 'KILL', 'CHOWN']);
    expect(mounts.map(({ value: { source, host } }) => host?.segments ?? source)).toEqual([['y'], 'zz']);
    expect(parts?.unread).toEqual([]);
  });

  test.each([
    [{ 'docker-compose.yml': 'services: { app: { image: a } }' }, 'a'],
    [
      {
        'docker-compose.yml': 'services: { app: { image: a } }',
        'docker-compose.override.yml': 'services: { app: { image: o } }',
      },
      'o',
    ],
    [
      {
        '.env': 'COMPOSE_FILE=x/a.yml:b.yml',
        'x/a.yml': 'services: { app: { image: a } }',
        'b.yml': 'services: {}',
      },
      'a',
    ],
    [{ 'compose.yaml': 'services: { app: { image: a } }' }, 'a'],
  ])('an empty list means the usual ones: %j', async (files, image) => {
    expect((await read({ dockerComposeFile: [], service: 'app' }, files)).image?.value).toBe(image);
  });

  test('a path from the workspace; one that only the host knows is left out', async () => {
    const files = { 'c.yml': 'services: { app: { image: a } }' };
    const dockerComposeFile = ['${localWorkspaceFolder}/c.yml', '${localEnv:OTHER}/d.yml'];
    const { image, compose: parts } = await read({ dockerComposeFile, service: 'app' }, files);
    expect(image?.value).toBe('a');
    expect(parts?.unread).toEqual([]);
  });

  test.each([
    [{ dockerComposeFile: 'none.yml' }, {}, 'the compose file none.yml does not exist'],
    [{ dockerComposeFile: '../../x.yml' }, {}, 'lies outside the project'],
    [config, { '.devcontainer/compose.yaml': 'services: [' }, 'invalid YAML'],
    [config, { '.devcontainer/compose.yaml': '' }, 'a mapping with services is expected'],
    [config, { '.devcontainer/compose.yaml': '- a' }, 'a mapping with services is expected, not array'],
    [config, { '.devcontainer/compose.yaml': 'include: [x.yml]' }, 'the compose file x.yml does not exist'],
    [
      config,
      { '.devcontainer/compose.yaml': 'include: ["https://example.com/x.git"]' },
      'included from elsewhere',
    ],
    [
      config,
      { '.devcontainer/compose.yaml': 'services: { app: { extends: { service: none } } }' },
      'there is no service none to extend',
    ],
    [
      config,
      { '.devcontainer/compose.yaml': 'services: { app: { extends: b }, b: { extends: app } }' },
      'extends itself in a circle',
    ],
    [config, { '.devcontainer/compose.yaml': 'services: { app: { build: . } }' }, 'does not exist'],
    [
      config,
      { '.devcontainer/compose.yaml': 'services: { app: { build: "https://example.com/x.git" } }' },
      'which is not read',
    ],
  ])('what cannot be read is told: %j', async (own, files, message) => {
    const { compose: parts } = await read(own, files);
    expect(parts?.unread.map((one) => one.message).join('\n')).toContain(message);
  });

  const list = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));

  test('a chain of hundreds of services is followed up to a limit, which is told once', async () => {
    const chain = list(300, (index) => `  ${index ? `s${index}` : 'app'}: { extends: s${index + 1} }\n`);
    const { compose: parts } = await compose(`${chain.join('')}  s300: { image: a }\n`);
    expect(parts?.unread.map((one) => one.message)).toEqual([
      'the service s41 is one of more than 40 in a chain; it and what comes behind it are not read',
    ]);
  });

  test.each([
    [
      'includes of includes',
      Object.fromEntries(
        list(300, (index) => `include: [f${index + 1}.yaml]\n`).map((text, index) => [
          `f${index}.yaml`,
          text,
        ]),
      ),
    ],
    [
      'services in other files',
      Object.fromEntries(
        list(300, (index) => [
          `f${index}.yaml`,
          `services: { app: { image: a }, b: { extends: { file: f${index + 1}.yaml, service: app } } }\ninclude: [f${index + 1}.yaml]\n`,
        ]),
      ),
    ],
  ])('%s are read up to a limit, which is told once', async (_, files) => {
    const { compose: parts } = await read(
      { dockerComposeFile: '../f0.yaml', service: 'app' },
      { ...files, 'f300.yaml': 'services: {}' },
    );
    expect(parts?.documents.length).toBe(200);
    const told = parts?.unread.filter(({ message }) => /more than/.test(message)) ?? [];
    expect(told.map(({ file, message }) => [file.path, message])).toEqual([
      [
        'f199.yaml',
        'the compose file f200.yaml is one of more than 200; it and what comes behind it are not read',
      ],
    ]);
  });
});

describe('what one service says', () => {
  test('every key with a danger', async () => {
    const container = await compose(`
  app:
    privileged: yes
    cap_add: [cap_sys_admin]
    security_opt: ["seccomp:unconfined"]
    network_mode: host
    pid: "host"
    ipc: host
    uts: host
    userns_mode: host
    cgroup: host
    devices: ["/dev/sda:/dev/sda", { source: /dev//kvm, target: /dev/kvm }]
    device_cgroup_rules: ["a *:* rwm"]
    gpus: all
    deploy: { resources: { reservations: { devices: [{ capabilities: [gpu] }] } } }
    user: "0"
    tmpfs: /scratch
    use_api_socket: true
    post_start: [{ command: x, privileged: true }]
`);
    expect(values(container.privileged)).toEqual([true]);
    expect(values(container.capabilities)).toEqual(['SYS_ADMIN']);
    expect(values(container.securityOptions)).toEqual([{ name: 'seccomp', value: 'unconfined' }]);
    expect(values(container.namespaces).map(({ kind, value }) => `${kind} ${value}`)).toEqual([
      'network host',
      'pid host',
      'ipc host',
      'uts host',
      'user host',
      'cgroup host',
    ]);
    expect(values(container.devices).map(({ value }) => value)).toEqual([
      '/dev/sda',
      '/dev/kvm',
      'a *:* rwm',
      'all',
      'devices',
    ]);
    expect(container.user).toMatchObject({ name: '0', certainty: 'stated' });
    expect(values(container.mounts).map(({ type, source }) => source ?? type)).toEqual([
      '/var/run/docker.sock',
      'tmpfs',
    ]);
    expect(texts(container.privileged)).toEqual(['true']);
  });

  test.each(['false', '"false"', 'no', 'null', '0'])('privileged: %s is not', async (value) => {
    expect((await compose(`  app: { privileged: ${value} }`)).privileged).toEqual([]);
  });

  test('variables, with those that come from outside', async () => {
    const { environment } = await compose(
      '  app:\n    environment:\n      - PASSED\n      - KNOWN\n      - A=${OUTSIDE}/x\n      - B=${OUTSIDE:-own}\n      - C=$$x\n',
      { '.devcontainer/.env': 'KNOWN=1\n' },
    );
    expect(values(environment)).toMatchObject([
      { name: 'PASSED', value: undefined, hostVariables: ['PASSED'] },
      { name: 'KNOWN', value: '1', hostVariables: [] },
      { name: 'A', value: '${OUTSIDE}/x', hostVariables: ['OUTSIDE'] },
      { name: 'B', value: 'own', hostVariables: [] },
      { name: 'C', value: '$x', hostVariables: [] },
    ]);
  });

  test("a variable that other services take too is the project's", async () => {
    const { environment } = await compose(
      '  app: { environment: { DB: "${DB_PASSWORD}" } }\n  db: { environment: { PASSWORD: "${DB_PASSWORD}" } }\n',
    );
    expect(values(environment)[0]?.hostVariables).toEqual([]);
  });
});

describe('where a mount lies on the host', () => {
  test.each([
    ['/var/run/docker.sock:/x', '/run/docker.sock'],
    ['~/.ssh:/x:ro', '~/.ssh'],
    ['${HOME}/.ssh:/x', '~/.ssh'],
    ['$HOME/.ssh:/x', '~/.ssh'],
    ['${HOME:-/root}/.ssh:/x', '~/.ssh'],
    ['${DIR:-~/.aws}:/x', '~/.aws'],
    ['${DIR}/x:/x', '$DIR/x'],
    ['.:/x', 'the workspace/.devcontainer'],
    ['..:/x', 'the workspace'],
    ['../..:/x', 'the workspace/..'],
    ['../../other:/x', 'the workspace/../other'],
    ['data:/x', 'volume'],
    ['/x', 'volume'],
    ['C:\\Users\\me\\.ssh:/x', '~/.ssh'],
    ['{ type: bind, source: ~/.ssh, target: /x }', '~/.ssh'],
    ['{ type: bind, source: ../.., target: /x }', 'the workspace/..'],
    ['{ type: volume, source: data, target: /x }', 'volume'],
    ['{ type: tmpfs, target: /x }', 'tmpfs'],
    ['"$$HOME/.ssh:/x"', 'the workspace/.devcontainer/\uFF04HOME/.ssh'],
  ])('%s: %s', async (volume, place) => {
    expect(await places(volume)).toEqual([place]);
  });

  test('.env states variables', async () => {
    expect(await places('${DIR}:/x', { '.devcontainer/.env': 'DIR=~/.kube\n' })).toEqual(['~/.kube']);
  });

  test('a volume that is a bind in disguise', async () => {
    const text = `services: { app: { volumes: ["keys:/x:ro"] } }
volumes:
  keys:
    driver_opts:
      type: none
      o: bind
      device: \${HOME}/.ssh
`;
    const { mounts } = await compose(text);
    expect(mounts.map(({ value }) => value)).toMatchObject([{ type: 'bind', target: '/x', readOnly: true }]);
    expect(texts(mounts)).toEqual(['${HOME}/.ssh']);
    expect(mounts[0]?.volume).toBe('keys');
  });

  test('the long form says read-only', async () => {
    const { mounts } = await compose(
      '  app: { volumes: [{ type: bind, source: /a, target: /x, read_only: true }] }',
    );
    expect(mounts[0]?.value.readOnly).toBe(true);
  });
});

describe('how layers add up', () => {
  test('extends, here and in another file with its own folder', async () => {
    const { mounts, capabilities, user } = await compose(
      '  base: { user: root, cap_add: [KILL] }\n  app:\n    extends: { file: ../shared/base.yml, service: one }\n    volumes: ["./b:/b"]\n',
      {
        'shared/base.yml':
          'services: { one: { extends: two, volumes: ["./a:/a"], user: me }, two: { cap_add: [CHOWN] } }',
      },
    );
    expect(mounts.map(({ value }) => showHostPath(value.host as never))).toEqual([
      'the workspace/shared/a',
      'the workspace/.devcontainer/b',
    ]);
    expect(values(capabilities)).toEqual(['CHOWN']);
    expect(user.name).toBe('me');
  });

  test('include, with its own folder and variables', async () => {
    const { compose: parts } = await compose(
      'include:\n  - ../db/compose.yaml\n  - path: [../cache/compose.yaml]\n    project_directory: ..\nservices: { app: { image: a } }\n',
      {
        'db/compose.yaml': 'services: { db: { image: "db:${TAG}", volumes: ["./data:/data"] } }',
        'db/.env': 'TAG=9\n',
        'cache/compose.yaml': 'services: { cache: { volumes: ["./data:/data"] } }',
      },
    );
    expect(parts?.services).toEqual(['db', 'cache', 'app']);
    const [db, cache] = parts?.neighbours ?? [];
    expect(db?.image?.value).toBe('db:9');
    expect(db?.mounts[0]?.value.host?.segments).toEqual(['db', 'data']);
    expect(cache?.mounts[0]?.value.host?.segments).toEqual(['data']);
  });

  test('an include of itself ends', async () => {
    const { compose: parts } = await compose('include: [compose.yaml]\nservices: { app: { image: a } }\n');
    expect(parts?.services).toEqual(['app']);
  });

  test('!reset takes away, !override takes the place', async () => {
    const { capabilities, privileged, securityOptions } = await read(
      { dockerComposeFile: ['compose.yaml', 'b.yaml'], service: 'app' },
      {
        '.devcontainer/compose.yaml':
          'services: { app: { privileged: true, cap_add: [ALL], security_opt: ["label=disable"] } }',
        '.devcontainer/b.yaml':
          'services: { app: { privileged: !reset null, cap_add: !override [KILL], security_opt: !reset [] } }',
      },
    );
    expect([privileged, securityOptions]).toEqual([[], []]);
    expect(values(capabilities)).toEqual(['KILL']);
  });

  test('devcontainer.json over compose, as the tools write it', async () => {
    const { mounts, environment, user, capabilities, namespaces, privileged } = await compose(
      '  app:\n    user: root\n    cap_add: [KILL]\n    environment: { A: service, B: service }\n    volumes: ["/a:/x", "/b:/y"]\n',
      {},
      {
        mounts: ['source=/c,target=/x,type=bind'],
        containerEnv: { A: 'tools' },
        containerUser: 'me',
        capAdd: ['CHOWN'],
        privileged: 'false',
        runArgs: ['--privileged', '--network=host'],
      },
    );
    expect(values(mounts).map(({ source }) => source)).toEqual(['/b', '/c']);
    expect(values(environment).map(({ name, value }) => `${name}=${value}`)).toEqual([
      'B=service',
      'A=tools',
    ]);
    expect(user.name).toBe('me');
    expect(values(capabilities)).toEqual(['CHOWN', 'KILL']);
    expect([values(privileged), namespaces]).toEqual([['false'], []]);
  });

  test('the Dockerfile of the service decides the user', async () => {
    const files = { 'dev/Dockerfile': 'FROM debian:13 AS a\nUSER one\nFROM a AS b\nUSER two\n' };
    const build = (text: string) => compose(`  app: { build: ${text} }`, files);
    expect((await build('../dev')).user).toMatchObject({ name: 'two', certainty: 'stated' });
    expect((await build('{ context: .., dockerfile: dev/Dockerfile, target: a }')).user.name).toBe('one');
  });

  test('a Dockerfile inside the compose file, at its place', async () => {
    const text =
      '  app:\n    build:\n      dockerfile_inline: |\n        FROM debian:13\n        USER root\n';
    const { user } = await compose(text);
    expect(user.name).toBe('root');
    expect(user.decidedBy?.place.at.start).toBe(`services:\n${text}`.indexOf('root'));
  });

  test('who joins the network of a gateway is behind its firewall', async () => {
    const { firewall, compose: parts } = await compose(
      '  app: { network_mode: "service:gateway" }\n  gateway: { entrypoint: ["/init-firewall.sh"], cap_add: [NET_ADMIN] }\n',
    );
    expect(firewall).toBeDefined();
    expect(parts?.neighbours[0]?.firewall).toEqual(firewall);
    expect(
      (await compose('  app: { network_mode: "service:db" }\n  db: { image: postgres }\n')).firewall,
    ).toBeUndefined();
    const internal = 'services: { app: { networks: [in] } }\nnetworks: { in: { internal: true } }\n';
    expect((await compose(internal)).firewall).toBeDefined();
  });
});

describe('edits in compose files', () => {
  const text = `services:
  app:
    volumes:
      - \${HOME}/.claude:/home/me/.claude # state
      - type: bind
        source: ~/.codex
        target: /home/me/.codex
        bind: { create_host_path: true }
      - $UNKNOWN:/z
`;
  async function mended(index: number, kind: 'volume' | 'readOnly' | 'remove', whole = text) {
    const container = await compose(whole);
    const mount = container.mounts[index];
    const edits =
      kind === 'volume'
        ? mount?.toVolume('state')
        : kind === 'readOnly'
          ? mount?.toReadOnly()
          : mount?.remove();
    return (
      edits && edited({ ...container, file: { path: '.devcontainer/compose.yaml', text: whole } }, edits)
    );
  }

  test('a volume in place of a folder is declared too', async () => {
    expect(await mended(0, 'volume')).toBe(
      `${text.replace('${HOME}/.claude:/home/me/.claude #', 'state:/home/me/.claude #')}volumes:\n  state:\n`,
    );
    expect(await mended(1, 'volume')).toBe(
      `${text
        .replace('type: bind', 'type: volume')
        .replace('~/.codex', 'state')
        .replace('        bind: { create_host_path: true }\n', '')}volumes:\n  state:\n`,
    );
    expect(await mended(0, 'volume', `${text}volumes:\n  other:\n`)).toContain(
      'volumes:\n  other:\n  state:\n',
    );
    expect(await mended(0, 'volume', `${text}volumes: { other: {} }\n`)).toContain(
      'volumes: { other: {}, state:  }\n',
    );
  });

  test('read-only in both forms', async () => {
    expect(await mended(0, 'readOnly')).toContain('/home/me/.claude:ro # state');
    expect(await mended(1, 'readOnly')).toContain('create_host_path: true }\n        read_only: true\n');
  });

  test('no guess at a variable that may hold colons', async () => {
    expect(await mended(2, 'volume')).toBeUndefined();
    expect(await mended(2, 'readOnly')).toBeUndefined();
    expect(await mended(2, 'remove')).not.toContain('UNKNOWN');
  });
});
