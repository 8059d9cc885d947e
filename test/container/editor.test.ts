import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevContainer, devContainer, missingEngine } from './engine.js';
import { newProject, removeProjects } from './project.js';

const skip = missingEngine() !== undefined;
afterAll(removeProjects);

/** What VS Code's Dev Containers leaves in a container that it is attached to. */
const sockets = [
  '/tmp/vscode-ssh-auth-0a1b.sock',
  '/tmp/vscode-remote-containers-ipc-0a1b.sock',
  '/tmp/vscode-remote-containers-0a1b.js',
  '/tmp/user/1000/vscode-ipc-0a1b.sock',
  '/tmp/vscode-git-0a1b.sock',
];
const others = ['/tmp/vscode-notes.txt', '/tmp/my.sock'];

describe.skipIf(skip).each(['single', 'sidecar'])('an editor that is attached, in shape %s', (shape) => {
  let container: DevContainer;
  const read = async (script: string) => (await container.attempt(script)).stdout.trim();
  const isThere = async (path: string) => (await container.attempt(`test -e ${path}`)).code === 0;

  beforeAll(() => {
    container = devContainer(newProject('--stack', 'none', '--agent', 'none', '--shape', shape));
  });

  async function expectGone(paths: readonly string[]): Promise<void> {
    for (let tries = 0; tries < 30; tries += 1) {
      const left = await Promise.all(paths.map(isThere));
      if (!left.includes(true)) return;
      await setTimeout(1000);
    }
    expect.fail(`still there: ${await read(`ls ${paths.join(' ')}`)}`);
  }

  it('loses its sockets again and again, and nobody else a file', async () => {
    for (let window = 0; window < 2; window += 1) {
      await container.attempt(`mkdir -p /tmp/user/1000; touch ${[...sockets, ...others].join(' ')}`);
      expect(await Promise.all(others.map(isThere))).toEqual([true, true]);
      await expectGone(sockets);
    }
    expect(await Promise.all(others.map(isThere))).toEqual([true, true]);
  });

  it('loses its Git helper, and the user keeps his', async () => {
    await container.attempt(
      'git config --global --add credential.helper "!f() { node /tmp/vscode-remote-containers-0a1b.js git-credential-helper; }; f" && git config --global --add credential.helper store',
    );
    await container.exec('harden-scrub once');
    expect(await read('git config --global --get-all credential.helper')).toBe('store');
  });

  it('reaches no shell with its variables, and the user keeps his', async () => {
    const variables =
      'VSCODE_IPC_HOOK_CLI=/tmp/a VSCODE_GIT_IPC_HANDLE=/tmp/b GIT_ASKPASS=/home/dev/.vscode-server/askpass.sh BROWSER=/home/dev/.vscode-server/browser.sh SSH_AUTH_SOCK=/tmp/vscode-ssh-auth-0a1b.sock';
    const shown = 'env | grep -cE "^(VSCODE_|GIT_ASKPASS|BROWSER=.|SSH_AUTH_SOCK=.)"';
    expect(await read(`${variables} sh -c '${shown}'`)).toBe('5');
    expect(await read(`${variables} bash -c '${shown}'`)).toBe('0');
    expect(await read(`${variables} bash -ic '${shown}' 2>/dev/null`)).toBe('0');
    expect(await read('SSH_AUTH_SOCK=/tmp/mine GIT_ASKPASS=/usr/bin/mine bash -c "env" | grep -c mine')).toBe(
      '2',
    );
  });

  // In the other shape the scrubber is PID 1's own child, and the container ends with it.
  if (shape === 'single')
    it('is scrubbed still when the scrubber was killed', async () => {
      await container.attempt('pkill -f harden-scrub');
      await container.attempt(`touch ${sockets[0]}`);
      await expectGone(sockets.slice(0, 1));
    });
});
