import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repositoryFiles } from './tree-shapes.js';

/**
 * How fast `lint` goes through a folder of repositories, with what memory, and whether the cost grows with their number
 * alone. `--check` fails beyond the limits. Processor time of all threads is counted, so that other work on the machine
 * does not tell; it runs on one core, where `taskset` is there to hold it on one.
 */
const sizes = [1250, 2500, 5000];
const leastPerSecond = 1500;
const mostMegabytes = 250;
/** A configuration of the largest tree may take this much longer than one of the smallest, whose start weighs more. */
const mostGrowth = 1.15;
const rounds = 3;
const bin = join(dirname(fileURLToPath(import.meta.url)), '../dist/bin.js');

/** Says at the end, on a line of stderr, how much memory and processor time the program took, in kB and microseconds. */
const meter = `data:text/javascript,${encodeURIComponent(
  `process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    console.error('took ' + maxRSS + ' ' + (userCPUTime + systemCPUTime));
  });`,
)}`;

/** Writes repositories until there are that many configurations. */
function writeTree(base: string, configurations: number): void {
  let count = 0;
  for (let repository = 0; count < configurations; repository += 1) {
    const folder = join(
      base,
      `group-${String(repository % 20).padStart(2, '0')}`,
      `repository-${repository}`,
    );
    for (const [path, text] of Object.entries(repositoryFiles(repository))) {
      const isConfiguration = path.endsWith('devcontainer.json');
      if (isConfiguration && count === configurations) continue;
      if (isConfiguration) count += 1;
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }
}

interface Run {
  readonly seconds: number;
  readonly megabytes: number;
  readonly files: number;
  readonly findings: number;
}

const onOneCore = spawnSync('taskset', ['-c', '0', 'true']).status === 0 ? ['taskset', '-c', '0'] : [];

function lintTree(folder: string): Run {
  const [program = '', ...args] = [
    ...onOneCore,
    process.execPath,
    '--import',
    meter,
    bin,
    'lint',
    '--format',
    'json',
  ];
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const [, kilobytes, microseconds] = /^took (\d+) (\d+)$/m.exec(stderr) ?? [];
  if (status !== 1 || kilobytes === undefined) throw new Error(`lint ended with ${status}: ${stderr}`);
  const report = JSON.parse(stdout) as { files: unknown[]; findings: unknown[] };
  return {
    seconds: Number(microseconds) / 1e6,
    megabytes: Number(kilobytes) / 1024,
    files: report.files.length,
    findings: report.findings.length,
  };
}

const base = mkdtempSync(join(tmpdir(), 'harden-devcontainer-bench-'));
try {
  const results = sizes.map((size) => {
    const folder = join(base, String(size));
    writeTree(folder, size);
    const runs = Array.from({ length: rounds }, () => lintTree(folder));
    const best = runs.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    if (best.files !== size) throw new Error(`${best.files} of ${size} configurations were linted`);
    const megabytes = Math.max(...runs.map((run) => run.megabytes));
    const perSecond = size / best.seconds;
    console.log(
      `${String(size).padStart(5)} configurations, ${String(best.findings).padStart(5)} findings: ${best.seconds.toFixed(2)} s, ${perSecond.toFixed(0)} per second, ${megabytes.toFixed(0)} MB`,
    );
    return { perSecond, megabytes };
  });
  const [first, last] = [results[0], results.at(-1)];
  const growth = (first?.perSecond ?? 0) / (last?.perSecond ?? 0);
  const where = onOneCore.length > 0 ? 'one core' : 'all cores';
  console.log(
    `\nNode ${process.version}, ${where}, best of ${rounds}; at least ${leastPerSecond} per second in ${mostMegabytes} MB; a configuration among ${sizes.at(-1)} takes ${growth.toFixed(2)} x one among ${sizes[0]}`,
  );
  const isGood =
    (last?.perSecond ?? 0) >= leastPerSecond &&
    (last?.megabytes ?? 0) <= mostMegabytes &&
    growth <= mostGrowth;
  if (process.argv.includes('--check') && !isGood) process.exitCode = 1;
} finally {
  rmSync(base, { recursive: true });
}
