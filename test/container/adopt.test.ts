import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevContainer, devContainer, missingEngine } from './engine.js';
import { newProjectWith, removeProjects } from './project.js';

// A configuration like many: an image, commands in each form, variables and extensions of its own, and privileges.
const config = `{
  "name": "Shop",
  "image": "debian:bookworm-slim",
  "privileged": true,
  "runArgs": ["--network=host"],
  "containerEnv": { "SHOP_MODE": "dev" },
  // before anything else
  "onCreateCommand": ["sh", "-c", "id --user --name > ~/on-create"],
  "postCreateCommand": {
    "one": "echo \\"$SHOP_MODE\\" > ~/post-create-one",
    "two": ["touch", "/home/dev/post-create-two"]
  },
  "postStartCommand": "curl -sS -m 5 http://198.18.0.99:8080/ >/dev/null 2>&1; echo $? > ~/post-start",
  "customizations": { "vscode": { "extensions": ["dbaeumer.vscode-eslint"] } }
}
`;

const skip = missingEngine() !== undefined;
afterAll(removeProjects);

describe.skipIf(skip)('an adopted dev container', () => {
  let container: DevContainer;
  beforeAll(() => {
    const files = { '.devcontainer/devcontainer.json': config };
    container = devContainer(newProjectWith(files, '--adopt', '--agent', 'none'));
  });
  const print = async (script: string) => (await container.attempt(script)).stdout.trim();

  it('has run the commands of its user, in every form, as the unprivileged user', async () => {
    expect(await print('cat ~/on-create')).toBe('dev');
    expect(await print('cat ~/post-create-one')).toBe('dev');
    expect(await print('stat --format %U ~/post-create-two')).toBe('dev');
  });

  it('ran them behind the firewall', async () => {
    // 7: refused at once; without a firewall the address does not answer, and curl gives up with 28.
    expect(await print('cat ~/post-start')).toBe('7');
    expect((await container.asRoot('iptables -S OUTPUT')).stdout).toContain('-P OUTPUT DROP');
  });

  it('has none of the privileges that the old file asked for', async () => {
    expect(await print('grep CapEff /proc/self/status')).toMatch(/0{16}$/);
    expect(await print('grep NoNewPrivs /proc/self/status')).toMatch(/1$/);
    expect((await container.attempt('command -v sudo || ls /etc/sudoers')).code).not.toBe(0);
    expect(await print('ls /sys/class/net | grep -c -v lo')).toBe('1');
  });
});
