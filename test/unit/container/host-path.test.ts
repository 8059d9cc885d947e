import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HostPath, resolveHostPath } from '../../../src/container/host-path.js';

const docker = { compose: false };

/** Base, climbing and segments in one line: `~/.ssh`, `workspace/../x`. */
function show({ base, segments, up, variable }: HostPath): string {
  const start = {
    root: '',
    home: '~',
    runtime: 'runtime',
    workspace: 'workspace',
    unknown: `$${variable ?? '?'}`,
  }[base];
  return [start, ...Array<string>(up).fill('..'), ...segments].join('/') || '/';
}

describe('host paths', () => {
  test.each([
    // One place below the home folder, in every spelling.
    ['${localEnv:HOME}/.ssh', '~/.ssh'],
    ['${env:HOME}/.ssh/', '~/.ssh'],
    ['${localEnv:HOME}${localEnv:USERPROFILE}/.ssh', '~/.ssh'],
    ['${localEnv:USERPROFILE}${localEnv:HOME}//.ssh', '~/.ssh'],
    ['${localEnv:HOMEDRIVE}${localEnv:HOMEPATH}\\.ssh', '~/.ssh'],
    ['${localEnv:HOME:/root}/.ssh', '~/.ssh'],
    ['/${localEnv:HOME}/.ssh', '~/.ssh'],
    ['${localEnv:XDG_CONFIG_HOME}/../.ssh', '~/.ssh'],
    ['/home/me/.ssh', '~/.ssh'],
    ['/home/${localEnv:USER}/.ssh', '~/.ssh'],
    ['/home/me/projects/../.ssh/.', '~/.ssh'],
    ['/var/home/me/.ssh', '~/.ssh'],
    ['/proc/1/root/home/me/.ssh', '~/.ssh'],
    ['/root/.ssh', '~/.ssh'],
    ['/Users/me/.ssh', '~/.ssh'],
    ['/host_mnt/Users/me/.ssh', '~/.ssh'],
    ['/System/Volumes/Data/Users/me/.ssh', '~/.ssh'],
    ['C:\\Users\\me\\.ssh', '~/.ssh'],
    ['c:/Users/me/.ssh', '~/.ssh'],
    ['//c/Users/me/.ssh', '~/.ssh'],
    ['/c/Users/me/.ssh', '~/.ssh'],
    ['/mnt/c/Users/me/.ssh', '~/.ssh'],
    ['/host_mnt/c/Users/me/.ssh', '~/.ssh'],
    ['/run/desktop/mnt/host/c/Users/me/.ssh', '~/.ssh'],
    ['\\\\wsl$\\Ubuntu\\home\\me\\.ssh', '~/.ssh'],
    ['\\\\wsl.localhost\\Ubuntu\\home\\me\\.ssh', '~/.ssh'],
    // The home folder and what is above it.
    ['${localEnv:HOME}', '~'],
    ['${localEnv:HOME}/..', '~/..'],
    ['/home/me', '~'],
    ['/home', '/home'],
    ['/home/me/..', '/home'],
    ['C:\\', '/'],
    ['/mnt/c', '/'],
    ['/', '/'],
    ['/../..', '/'],
    ['/proc/self/root', '/'],
    // Known places.
    ['/var/run/docker.sock', '/run/docker.sock'],
    ['//var//run/../run/docker.sock/', '/run/docker.sock'],
    ['/run/user/1000/bus', 'runtime/bus'],
    ['/var/run/user/1000', 'runtime'],
    ['${localEnv:XDG_RUNTIME_DIR}/bus', 'runtime/bus'],
    ['${localEnv:APPDATA}/gh', '~/AppData/Roaming/gh'],
    ['${localEnv:CODEX_HOME}', '~/.codex'],
    ['${localEnv:KUBECONFIG}', '~/.kube/config'],
    ['//./pipe/docker_engine', '/./pipe/docker_engine'],
    ['/etc/ssh', '/etc/ssh'],
    // The workspace.
    ['${localWorkspaceFolder}', 'workspace'],
    ['${localWorkspaceFolder}/.aws', 'workspace/.aws'],
    ['${localWorkspaceFolder}/../..', 'workspace/../..'],
    ['${localWorkspaceFolder}/a/../../b', 'workspace/../b'],
    ['.', 'workspace'],
    ['./data', 'workspace/data'],
    // What only the host knows.
    ['${localEnv:SSH_AUTH_SOCK}', '$SSH_AUTH_SOCK'],
    ['${localEnv:SSH_AUTH_SOCK:/dev/null}', '$SSH_AUTH_SOCK'],
    ['${localEnv:PROJECTS}/x', '$PROJECTS/x'],
    ['${localEnv:DOCKER_SOCK:/var/run/docker.sock}', '/run/docker.sock'],
    ['${localEnv:X:/a:/b}', '/a'],
    ['${containerWorkspaceFolder}/x', '$?/x'],
  ])('%s is %s', (text, expected) => {
    const path = resolveHostPath(text, docker);
    expect(show(path)).toBe(expected);
    expect(path.live).toBe(true);
  });

  test.each(['~/.ssh', '$HOME/.ssh', '${HOME}/.ssh', '${HOME:-/root}/.ssh', '~me/.ssh'])(
    '%s is expanded by compose alone',
    (text) => {
      for (const compose of [true, false]) {
        const path = resolveHostPath(text, { compose });
        expect(show(path)).toBe('~/.ssh');
        expect(path.live).toBe(compose);
      }
    },
  );

  test('ignores case where the host does', () => {
    for (const text of ['C:\\users\\me', '/Users/me', '/mnt/c/Users/me', '${localEnv:USERPROFILE}']) {
      expect(resolveHostPath(text, docker).ignoreCase).toBe(true);
    }
    expect(resolveHostPath('/home/me', docker).ignoreCase).toBe(false);
  });

  test('gives clean segments for any text', () => {
    const piece = fc.constantFrom(
      '/',
      '..',
      '.',
      '\\',
      '${',
      '}',
      'localEnv:',
      'HOME',
      ':',
      '~',
      'C:',
      '$',
      'a',
      ' ',
      '/proc/1/root',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, fc.boolean(), (source, compose) => {
        const { segments, up } = resolveHostPath(source, { compose });
        const rest = segments[0] === '.' ? segments.slice(1) : segments;
        for (const segment of rest) expect(['', '.', '..']).not.toContain(segment);
        expect(up).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });
});
