/** What says the same in every language: members of devcontainer.json, and keys of a service, one per line. */
export interface Meaning {
  readonly json: readonly string[];
  readonly yaml: readonly string[];
}

function option(name: string, value: string): readonly string[] {
  return [`"runArgs": ["${name}", "${value}"]`, `"runArgs": ["${name}=${value}"]`];
}

function list(key: string, ...values: readonly string[]): readonly string[] {
  return values.flatMap((value) => [`${key}: [${value}]`, `${key}:\n- ${value}`]);
}

export const meanings: Readonly<Record<string, Meaning>> = {
  privileged: {
    json: ['"privileged": true', '"runArgs": ["--privileged"]', '"runArgs": ["--privileged=1"]'],
    yaml: [
      'privileged: true',
      'privileged: yes',
      'privileged: "true"',
      'privileged: On',
      '"privileged": !!bool true',
    ],
  },
  'a capability': {
    json: ['"capAdd": ["SYS_ADMIN"]', '"capAdd": ["cap_sys_admin"]', ...option('--cap-add', 'SYS_ADMIN')],
    yaml: list('cap_add', 'SYS_ADMIN', 'cap_sys_admin', '"CAP_SYS_ADMIN"'),
  },
  'every capability': {
    json: ['"capAdd": ["ALL"]', ...option('--cap-add', 'all')],
    yaml: list('cap_add', 'ALL', 'all'),
  },
  'no system call filter': {
    json: ['"securityOpt": ["seccomp=unconfined"]', ...option('--security-opt', 'seccomp:unconfined')],
    yaml: list('security_opt', 'seccomp=unconfined', 'seccomp:unconfined', "'seccomp=unconfined'"),
  },
  'no label': {
    json: ['"securityOpt": ["label=disable"]', ...option('--security-opt', 'label:disable')],
    yaml: list('security_opt', 'label=disable', '"label:disable"'),
  },
  "the host's processes": { json: option('--pid', 'host'), yaml: ['pid: host', 'pid: "host"'] },
  "the host's network": {
    json: [...option('--network', 'host'), ...option('--net', 'host')],
    yaml: ['network_mode: host', "network_mode: 'host'"],
  },
  "the host's shared memory": { json: option('--ipc', 'host'), yaml: ['ipc: host', 'ipc: "host"'] },
  'a disk': {
    json: [...option('--device', '/dev/sda'), ...option('--device', '/dev//sda:/dev/x:r')],
    yaml: list('devices', '/dev/sda', '"/dev/sda:/dev/x:r"', '{ source: /dev/sda, target: /dev/x }'),
  },
  'every device': {
    json: option('--device-cgroup-rule', 'a *:* rwm'),
    yaml: list('device_cgroup_rules', '"a *:* rwm"'),
  },
  "the engine's socket": {
    json: [
      '"mounts": ["type=bind,source=/var/run/docker.sock,target=/d"]',
      '"mounts": [{ "type": "bind", "source": "/run/docker.sock", "target": "/d" }]',
      ...option('--volume', '/var/run/docker.sock:/d'),
      ...option('--mount', 'type=bind,src=/run/docker.sock,dst=/d'),
    ],
    yaml: [
      ...list(
        'volumes',
        '/var/run/docker.sock:/d',
        '"/run/docker.sock:/d"',
        '//var//run/../run/docker.sock:/d',
      ),
      ...list('volumes', '{ type: bind, source: /var/run/docker.sock, target: /d }'),
      'volumes:\n- type: bind\n  source: /run/docker.sock\n  target: /d',
      ...list('volumes', '"${DOCKER_SOCK:-/var/run/docker.sock}:/d"'),
    ],
  },
  "the engine's own way to it": {
    json: ['"runArgs": ["--use-api-socket"]', '"runArgs": ["--use-api-socket=true"]'],
    yaml: ['use_api_socket: true', 'use_api_socket: yes'],
  },
  'private keys': {
    json: [
      '"mounts": ["source=${localEnv:HOME}/.ssh,target=/k,type=bind,readonly"]',
      ...option('-v', '${localEnv:HOME}/.ssh:/k:ro'),
    ],
    yaml: [
      ...list(
        'volumes',
        '~/.ssh:/k:ro',
        '"${HOME}/.ssh:/k:ro"',
        '$HOME/.ssh:/k:ro',
        '"${HOME:-/root}/.ssh:/k:ro"',
      ),
      ...list('volumes', '{ type: bind, source: ~/.ssh, target: /k, read_only: true }'),
    ],
  },
  "the host's token": {
    json: [
      '"containerEnv": { "GITHUB_TOKEN": "${localEnv:GITHUB_TOKEN}" }',
      ...option('-e', 'GITHUB_TOKEN'),
      ...option('--env', 'GITHUB_TOKEN=${localEnv:GITHUB_TOKEN}'),
    ],
    yaml: [
      ...list(
        'environment',
        'GITHUB_TOKEN',
        '"GITHUB_TOKEN=${GITHUB_TOKEN}"',
        '"GITHUB_TOKEN=$GITHUB_TOKEN"',
      ),
      'environment: { GITHUB_TOKEN: }',
      'environment:\n  GITHUB_TOKEN: ${GITHUB_TOKEN:?unset}',
    ],
  },
  'a file of keys as variables': {
    json: option('--env-file', '${localEnv:HOME}/.aws/credentials'),
    yaml: [
      'env_file: ~/.aws/credentials',
      ...list(
        'env_file',
        '~/.aws/credentials',
        '"${HOME}/.aws/credentials"',
        '{ path: ~/.aws/credentials, required: false }',
      ),
    ],
  },
  'a group': { json: option('--group-add', 'docker'), yaml: list('group_add', 'docker', '"docker"') },
  'no limit of processes': {
    json: option('--pids-limit', '-1'),
    yaml: ['pids_limit: -1', 'pids_limit: "-1"'],
  },
  'a kernel setting': {
    json: option('--sysctl', 'net.ipv4.conf.all.route_localnet=1'),
    yaml: [
      ...list('sysctls', 'net.ipv4.conf.all.route_localnet=1'),
      'sysctls: { net.ipv4.conf.all.route_localnet: 1 }',
      'sysctls:\n  net.ipv4.conf.all.route_localnet: "1"',
    ],
  },
  "another's mounts": { json: option('--volumes-from', 'db'), yaml: list('volumes_from', 'db', '"db"') },
  'no end for want of memory': {
    json: ['"runArgs": ["--oom-kill-disable"]'],
    yaml: ['oom_kill_disable: true', 'oom_kill_disable: yes'],
  },
};

/** Ports are mended in place, so nothing is to go. */
export const publishedPorts: Meaning = {
  json: ['"appPort": "5432:5432"', '"appPort": ["5432:5432"]', ...option('-p', '5432:5432')],
  yaml: [
    ...list(
      'ports',
      '5432:5432',
      '"5432:5432"',
      '0.0.0.0:5432:5432',
      '"[::]:5432:5432"',
      '"${PORT:-5432}:5432/tcp"',
    ),
    ...list(
      'ports',
      '{ target: 5432, published: 5432 }',
      '{ target: 5432, published: "5432", host_ip: 0.0.0.0 }',
    ),
  ],
};
