import { describe, expect, test } from 'vitest';
import { whyIdleCapability, whyIdleOption } from '../../../src/container/redundant.js';
import { read } from './read.js';

/** Which of the capabilities and security options have no effect, in their order. */
async function idle(config: unknown): Promise<boolean[]> {
  const container = await read(config);
  return [
    ...container.capabilities.map((capability) => whyIdleCapability(container, capability) !== undefined),
    ...container.securityOptions.map((option) => whyIdleOption(container, option) !== undefined),
  ];
}

describe('what has no effect', () => {
  test.each([
    ['a capability alone', { capAdd: ['SYS_ADMIN'] }, [false]],
    ['a repeated one', { capAdd: ['SYS_ADMIN'], runArgs: ['--cap-add=cap_sys_admin'] }, [false, true]],
    ['one of a privileged container', { privileged: true, capAdd: ['SYS_ADMIN'] }, [true]],
    ['the same by a flag', { runArgs: ['--privileged', '--cap-add=ALL'] }, [true]],
    ['a list in one text', { privileged: true, runArgs: ['--cap-add=A,B'] }, [false, false]],
    ['a profile that is off', { securityOpt: ['seccomp=unconfined'] }, [false]],
    ['the same where privileged', { privileged: true, securityOpt: ['apparmor=unconfined'] }, [true]],
    ['a repeated option', { securityOpt: ['label=disable', 'label=disable'] }, [false, true]],
    ['the default', { securityOpt: ['no-new-privileges=false'] }, [true]],
    [
      'one that hides another value',
      { securityOpt: ['no-new-privileges=true', 'no-new-privileges=false'] },
      [false, false],
    ],
    [
      'one that hides a profile',
      { privileged: true, securityOpt: ['seccomp=strict.json', 'seccomp=unconfined'] },
      [false, false],
    ],
  ])('%s', async (_what, config, expected) => {
    expect(await idle(config)).toEqual(expected);
  });

  test('a Feature that is privileged is not counted on', async () => {
    const features = { 'ghcr.io/devcontainers/features/docker-in-docker:2': {} };
    expect((await idle({ features, capAdd: ['SYS_ADMIN'] }))[0]).toBe(false);
  });
});
