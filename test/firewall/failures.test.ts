import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newToken } from './attacks/attack.js';
import { type Bare, startBare } from './bare.js';
import { escapes } from './checks.js';
import { failures } from './failures.js';
import { type Lab, startLab } from './lab.js';
import { listedNames } from './listed.js';
import { type Rendered, removeRendered, render } from './project.js';
import { installAttacks } from './target.js';

// Every step that can fail is made to fail: PID 1 ends, the message names the cause, and what is left of the network is
// closed. Here something else keeps the namespace alive, so that there is somebody to attack.

let lab: Lab;
let rendered: Rendered;
const started: Bare[] = [];

beforeAll(async () => {
  lab = await startLab();
  rendered = render(...listedNames, '--mcp', 'tracker=18080');
});

afterAll(() => {
  for (const bare of started) bare.stop();
  lab?.stop();
  removeRendered();
});

async function start(prepare: string): Promise<Bare> {
  const command = '/usr/local/sbin/harden-entrypoint; echo "code=$?"; exec sleep infinity';
  const bare = await startBare(lab, { rendered, prepare, command });
  started.push(bare);
  await installAttacks(bare);
  return bare;
}

/** Everything that is quick, once. */
async function storm(bare: Bare): Promise<string> {
  const token = newToken();
  await bare.attempt(`echo ${token} >/tmp/token; python3 /tmp/attack.py storm - 0 /tmp/token`);
  return token;
}

const seen = (token: string): Promise<boolean> => escapes({ internet: () => lab.internet }, token);

describe('when a step fails', () => {
  it('a storm of attacks gets out where there is no firewall', async () => {
    const open = await startBare(lab);
    started.push(open);
    await installAttacks(open);
    expect(await seen(await storm(open))).toBe(true);
  });

  it.concurrent.each(failures)('stays closed when $name', async ({ breakIt, says, open }) => {
    const bare = await start(breakIt);
    await bare.prints(/^code=/m);
    expect(bare.printed()).toMatch(/^code=[1-9]/m);
    expect(bare.printed()).toMatch(says);
    for (const [family, tables] of [
      [4, 'iptables'],
      [6, 'ip6tables'],
    ] as const) {
      const { stdout } = await bare.look(`${tables} -S OUTPUT`);
      if (open !== family) expect(stdout).toMatch(/^-P OUTPUT DROP$/m);
    }
    if (open === undefined) expect(await seen(await storm(bare))).toBe(false);
  });
});
