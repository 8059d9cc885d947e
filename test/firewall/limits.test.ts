import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bare, startBare } from './bare.js';
import { type Lab, startLab } from './lab.js';
import { listedNames } from './listed.js';
import { removeRendered, render } from './project.js';
import { run } from './run.js';

// What somebody who fills logs and connections gets: less for himself, and nothing out.

let lab: Lab;
let target: Bare;

beforeAll(async () => {
  lab = await startLab();
  target = await startBare(lab, { rendered: render(...listedNames) });
  await target.ready();
});

afterAll(() => {
  target?.stop();
  lab?.stop();
  removeRendered();
});

const helpers = ['s6-svscan', 's6-supervise', 's6-log', 'haproxy', 'dnsmasq'];

/** KiB that the firewall's processes hold, pages shared with others counted in part. */
function memory(): number {
  const pids = run('ip', ['netns', 'pids', target.namespace]).stdout.split('\n').filter(Boolean);
  let total = 0;
  for (const pid of pids) {
    if (!helpers.includes(readProcess(pid, 'comm').trim())) continue;
    total += Number(/^Pss:\s+(\d+)/m.exec(readProcess(pid, 'smaps_rollup'))?.[1] ?? 0);
  }
  return total;
}

/** A file of /proc; empty where the process has ended since it was listed. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}

/** Opens connections to the port and leaves each in the middle of what it has to say. */
const half = (port: number, start: string): string => `python3 - <<'END'
import socket, time
held = []
for count in range(2500):
    s = socket.socket(); s.setblocking(False)
    s.connect_ex(('198.18.0.10', ${port})); held.append(s)
    if count % 50 == 49: time.sleep(0.05)
for s in held:
    try: s.send(${start})
    except OSError: pass
time.sleep(4)
END`;

describe('limits', () => {
  it.each(['x.'.repeat(900), '\\001'.repeat(900)])(
    'logs a whole line of a name that is too long',
    async (name) => {
      await target.attempt(`curl -sS -m 5 http://allowed.example/ -H "Host: $(printf '${name}')example"`);
      const log = await target.asRoot('sleep 0.2; tail -n 1 /var/log/harden-devcontainer/proxy/current');
      expect(JSON.parse(log.stdout.slice(log.stdout.indexOf('{')))).toMatchObject({ verdict: 'no-name' });
    },
  );

  it.each([
    ['TLS greetings', half(443, `b'\\x16\\x03\\x01\\x3f\\x00\\x01\\x00\\x3e\\xfc\\x03\\x03' + b'x' * 9000`)],
    ['requests', half(80, `b'GET / HTTP/1.1\\r\\nHost: allowed.example\\r\\nX: ' + b'y' * 12000`)],
  ])('holds less than 40 MB under thousands of half %s, and works right after', async (_, script) => {
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, memory());
    }, 250);
    await target.attempt(script);
    clearInterval(watch);
    expect(most).toBeLessThan(40_000);
    expect((await target.attempt('curl -sS -k -m 20 https://allowed.example/')).stderr).toBe('');
  });

  it('answers right after a flood of questions', async () => {
    await target.attempt(`python3 - <<'END'
import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for count in range(100000):
    name = b'%08d' % count
    s.sendto(struct.pack('>HHHHHH', count % 65536, 0x100, 1, 0, 0, 0) + b'\\x08' + name + b'\\x06suffix\\x07example\\0\\0\\x01\\0\\x01', ('127.0.0.1', 53))
END`);
    expect((await target.attempt('curl -sS -k -m 10 https://six.example/')).stderr).toBe('');
    expect(memory()).toBeLessThan(40_000);
  });
});
