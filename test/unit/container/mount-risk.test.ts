import { describe, expect, test } from 'vitest';
import type { Mount } from '../../../src/container/container.js';
import { type HostPath, resolveHostPath } from '../../../src/container/host-path.js';
import { classifyMount } from '../../../src/container/mount-risk.js';

function bind(host: HostPath, readOnly = false): Mount {
  return { type: 'bind', source: 'source', target: '/target', readOnly, host };
}

function at(text: string, compose = true): HostPath {
  return resolveHostPath(text, { compose });
}

function ask(text: string, readOnly = false): string | undefined {
  const risk = classifyMount(bind(at(text), readOnly));
  return risk && `${risk.question} ${risk.persona === 'pedantic' ? 'pedantic' : risk.severity}`;
}

describe('a writable mount', () => {
  test.each([
    ['/run/docker.sock', 'runtime error'],
    ['/run', 'runtime error'],
    ['/var', 'runtime error'],
    ['/run/user/1000', 'runtime error'],
    ['/run/user/1000/podman/podman.sock', 'runtime error'],
    ['~/.docker', 'runtime error'],
    ['~/.colima/default/docker.sock', 'runtime error'],
    ['/run/user/1000/bus', 'session error'],
    ['/tmp', 'session error'],
    ['/run/host-services/ssh-auth.sock', 'session error'],
    ['/tmp/.X11-unix', 'session warning'],
    ['~/.ssh/agent.sock', 'session error'],
    ['~', 'home error'],
    ['/', 'home error'],
    ['/home', 'home error'],
    ['/Users', 'home error'],
    ['/root', 'home error'],
    ['/mnt/c', 'home error'],
    ['/mnt/c/Users', 'home error'],
    ['C:\\', 'home error'],
    ['C:\\Users', 'home error'],
    ['C:\\Users\\me\\.ssh', 'credential error'],
    ['C:\\Windows', 'system error'],
    ['/mnt', 'system pedantic'],
    ['/host_mnt', 'home error'],
    ['~/.ssh', 'credential error'],
    ['~/.ssh/id_ed25519', 'credential error'],
    ['~/.aws/sso/cache', 'credential error'],
    ['~/.docker/config.json', 'credential error'],
    ['~/.config', 'credential error'],
    ['~/.cargo', 'credential warning'],
    ['~/secrets/all.kdbx', 'credential error'],
    ['/etc/kubernetes/admin.conf', 'credential error'],
    ['~/.bash_history', 'credential warning'],
    ['${localWorkspaceFolder}/.aws', 'credential pedantic'],
    ['~/.claude', 'obeyed error'],
    ['~/.claude/settings.json', 'obeyed error'],
    ['~/.gitconfig', 'obeyed error'],
    ['~/.bashrc', 'obeyed error'],
    ['~/.npm', 'obeyed pedantic'],
    ['~/go', 'obeyed warning'],
    ['/etc', 'system error'],
    ['/etc/cron.d', 'system error'],
    ['/usr/local/bin', 'system error'],
    ['/dev', 'system error'],
    ['/dev/sda', 'system error'],
    ['/dev/dri', 'system pedantic'],
    ['/etc/ssl/certs', 'system warning'],
    ['/var/lib/docker/volumes', 'system error'],
    ['/opt/data', 'system pedantic'],
    ['/run/myapp', 'system pedantic'],
    ['/run/systemd/resolve/resolv.conf', 'system pedantic'],
    ['/tmp/project', 'system pedantic'],
  ])('of %s is %s', (path, expected) => expect(ask(path)).toBe(expected));
});

describe('a read-only mount', () => {
  test.each([
    ['/run/docker.sock', 'runtime error'],
    ['~', 'home error'],
    ['~/.ssh', 'credential error'],
    ['~/.claude', 'credential warning'],
    ['~/.claude/settings.json', 'credential info'],
    ['~/.tmux.conf', 'credential pedantic'],
    ['~/.gitconfig', 'credential pedantic'],
    ['~/.bashrc', 'credential info'],
    ['/etc', 'system warning'],
    ['/etc/passwd', 'system pedantic'],
    ['/sys', 'system warning'],
  ])('of %s is %s', (path, expected) => expect(ask(path, true)).toBe(expected));

  test.each([
    '/opt/data',
    '~/.npm',
    '~/.claude/CLAUDE.md',
    '~/.claude/skills',
    '/usr/share/dotnet',
    '/sys/fs/cgroup',
    '/etc/ssl/certs',
    '/lib/modules',
  ])('of %s is silent', (path) => expect(ask(path, true)).toBeUndefined());
});

test.each([
  '~/projects/a',
  '~/.sshd-conf',
  '~/.awsome',
  '~/.ssh/known_hosts',
  '~/.ssh/id_ed25519.pub',
  '~/.config/htop',
  '/etc/localtime',
  '/dev/null',
  '/dev/shm',
  '${localWorkspaceFolder}',
  '${localWorkspaceFolder}/.claude',
  '${localWorkspaceFolder}/bin',
  '${localWorkspaceFolder}/.cache',
])('a mount of %s is silent', (path) => expect(ask(path)).toBeUndefined());

test('a volume is silent whatever its name', () => {
  expect(classifyMount({ ...bind(at('~/.ssh')), type: 'volume', host: undefined })).toBeUndefined();
});

test('variables of the host stand for the places they usually name', () => {
  const variable = (name: string, rest = '') => classifyMount(bind(at(`\${localEnv:${name}}${rest}`)));
  expect(variable('SSH_AUTH_SOCK')).toMatchObject({ question: 'session', path: '$SSH_AUTH_SOCK' });
  expect(variable('CLAUDE_CONFIG_DIR')?.question).toBe('obeyed');
  expect(variable('KUBECONFIG')?.question).toBe('credential');
  expect(variable('XDG_CONFIG_HOME', '/gh')?.question).toBe('credential');
  expect(variable('PROJECTS')).toBeUndefined();
});

test('climbing out of the home folder reaches every home and the root', () => {
  expect(ask('${localEnv:HOME}/..')).toBe('home error');
  expect(ask('~/../..')).toBe('home error');
  expect(ask('~/../../etc')).toBe('system error');
});

test('names are compared without case where the host does', () => {
  expect(ask('C:\\Users\\me\\.SSH')).toBe('credential error');
  expect(ask('~/.SSH')).toBeUndefined();
});

test('a literal ~ that the engine does not expand is an info', () => {
  expect(classifyMount(bind(at('~/.ssh', false)))?.severity).toBe('info');
});

test.each([
  ['//./pipe/docker_engine', 'runtime'],
  ['\\\\.\\pipe\\openssh-ssh-agent', 'session'],
  ['//./pipe/mine', undefined],
])('the pipe %s is %s', (source, expected) => {
  const mount: Mount = { type: 'npipe', source, target: '/x', readOnly: false, host: undefined };
  expect(classifyMount(mount)?.question).toBe(expected);
});
