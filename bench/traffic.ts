// What the firewall costs a connection: the same image with and without it, in turn, against a server behind a link of
// known speed. Addresses are those that benchmarks are given (198.18.0.0/15): nothing leaves this machine.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker } from '../test/container/engine.js';
import { must, run } from '../test/firewall/run.js';
import { median } from './median.js';

const far = '198.18.1.10';
const rounds = 7;
const connections = 30;

/** Milliseconds that a new TLS connection takes, and bytes a second of one large download. */
interface Traffic {
  readonly connect: number;
  readonly shaped: number;
  readonly unshaped: number;
}

/** Figures with and without the firewall. `start` gives the container's id for each. */
export async function measureTraffic(
  withFirewall: (...flags: string[]) => string,
  without: (...flags: string[]) => string,
): Promise<{ readonly guarded: Traffic; readonly open: Traffic }> {
  const link = await startFarSide();
  const ids: string[] = [];
  try {
    const dns = `--dns=${far}`;
    ids.push(withFirewall(dns), without(dns));
    const [guarded = '', open = ''] = ids;
    waitFor(guarded);
    const connect = inTurn(guarded, open, connectTime);
    link.shape('1gbit');
    const shaped = inTurn(guarded, open, (id) => downloadSpeed(id, 250_000_000));
    link.shape(undefined);
    const unshaped = inTurn(guarded, open, (id) => downloadSpeed(id, 1_000_000_000));
    const pick = (index: 0 | 1): Traffic => ({
      connect: connect[index],
      shaped: shaped[index],
      unshaped: unshaped[index],
    });
    return { guarded: pick(0), open: pick(1) };
  } finally {
    for (const id of ids) docker('rm', '--force', id);
    link.stop();
  }
}

/** Medians of both, measured A B B A …, so that a machine that slows down slows both. */
function inTurn(a: string, b: string, measure: (id: string) => number): readonly [number, number] {
  const figures: [number[], number[]] = [[], []];
  measure(a);
  measure(b);
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const index of order) figures[index].push(measure(index === 0 ? a : b));
  }
  return [median(figures[0]), median(figures[1])];
}

function curl(id: string, ...words: string[]): string {
  return docker('exec', '--user', 'dev', id, 'curl', '--silent', '--show-error', '--insecure', ...words);
}

/** From the end of the name's look-up to the end of the TLS handshake, the median of many new connections. */
function connectTime(id: string): number {
  const each = Array.from({ length: connections }, () => ['--output', '/dev/null', 'https://far.example/1']);
  const format = '%{time_namelookup} %{time_appconnect}\\n';
  const lines = curl(id, '--header', 'Connection: close', '--write-out', format, ...each.flat()).split('\n');
  return median(
    lines.map((line) => {
      const [from = 0, to = 0] = line.split(' ').map(Number);
      return (to - from) * 1000;
    }),
  );
}

function downloadSpeed(id: string, bytes: number): number {
  const url = `https://far.example/${bytes}`;
  return Number(curl(id, '--output', '/dev/null', '--write-out', '%{speed_download}', url));
}

function waitFor(id: string): void {
  const { code } = run('docker', ['exec', '--user', 'dev', id, '/usr/local/bin/harden-ready']);
  if (code !== 0) throw new Error(`the firewall did not come up: ${docker('logs', id)}`);
}

interface FarSide {
  /** Limits what the far side sends; undefined: as fast as the machine can. */
  readonly shape: (rate: string | undefined) => void;
  readonly stop: () => void;
}

async function startFarSide(): Promise<FarSide> {
  const name = `harden-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), 'harden-traffic-'));
  let server: ChildProcess | undefined;
  const stop = (): void => {
    server?.kill('SIGKILL');
    run('ip', ['link', 'delete', `hd${process.pid}`]);
    run('ip', ['netns', 'delete', name]);
    rmSync(folder, { recursive: true, force: true });
  };
  const inside = (...args: string[]): string => must('ip', ['netns', 'exec', name, ...args]);
  try {
    must('ip', ['netns', 'add', name]);
    must('ip', ['link', 'add', `hd${process.pid}`, 'type', 'veth', 'peer', 'name', 'up0', 'netns', name]);
    must('ip', ['address', 'add', '198.18.1.1/24', 'dev', `hd${process.pid}`]);
    must('ip', ['link', 'set', `hd${process.pid}`, 'up']);
    inside('ip', 'address', 'add', `${far}/24`, 'dev', 'up0');
    inside('ip', 'link', 'set', 'up0', 'up');
    inside('ip', 'route', 'add', 'default', 'via', '198.18.1.1');
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const out = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    must('openssl', ['req', '-x509', ...key, '-days', '2', '-subj', '/CN=far.example', ...out]);
    const script = join(import.meta.dirname, 'far-side.mjs');
    server = spawn('ip', ['netns', 'exec', name, process.execPath, script, folder, far], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(server.stdout as NodeJS.ReadableStream, 'data');
  } catch (error) {
    stop();
    throw error;
  }
  return {
    stop,
    shape: (rate) => {
      const tbf = ['root', 'tbf', 'rate', rate ?? '', 'burst', '256kb', 'latency', '50ms'];
      if (rate === undefined) inside('tc', 'qdisc', 'delete', 'dev', 'up0', 'root');
      else inside('tc', 'qdisc', 'replace', 'dev', 'up0', ...tbf);
    },
  };
}
