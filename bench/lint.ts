import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './median.js';

/**
 * How long `lint` of one devcontainer.json takes, as a multiple of Node's own start: what a user waits for. Runs of all
 * commands take turns, so that a busy machine slows them all; medians are compared. `--check` fails beyond the limit.
 */
const limit = 1.8;
const rounds = 31;
const bin = join(dirname(fileURLToPath(import.meta.url)), '../dist/bin.js');

const configuration = `{
  "name": "example",
  "image": "mcr.microsoft.com/devcontainers/typescript-node:22",
  "features": { "ghcr.io/devcontainers/features/github-cli:1": {} },
  // keeps the shell's history
  "mounts": ["source=history-\${devcontainerId},target=/commandhistory,type=volume"],
  "runArgs": ["--cap-drop=ALL", "--security-opt=no-new-privileges"],
  "containerEnv": { "NODE_ENV": "development" },
  "postCreateCommand": "npm ci",
  "customizations": { "vscode": { "extensions": ["dbaeumer.vscode-eslint"] } },
  "remoteUser": "node",
}
`;

interface Command {
  readonly name: string;
  readonly args: readonly string[];
}

function timeOf({ args }: Command, cwd: string): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  if (status === null || status > 1) throw new Error(`${args.join(' ')} failed: ${stderr}`);
  return elapsed;
}

function measure(commands: readonly Command[], cwd: string): Map<string, number> {
  const times = new Map(commands.map((command) => [command.name, [] as number[]]));
  // The first round only warms the file cache.
  for (let round = 0; round <= rounds; round += 1) {
    for (const command of commands) {
      const time = timeOf(command, cwd);
      if (round > 0) times.get(command.name)?.push(time);
    }
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}

const folder = mkdtempSync(join(tmpdir(), 'harden-devcontainer-bench-'));
try {
  mkdirSync(join(folder, '.devcontainer'));
  writeFileSync(join(folder, '.devcontainer/devcontainer.json'), configuration);
  const medians = measure(
    [
      { name: 'node -e 0', args: ['-e', '0'] },
      { name: '--version', args: [bin, '--version'] },
      { name: 'lint', args: [bin, 'lint'] },
      { name: 'lint --format json', args: [bin, 'lint', '--format', 'json'] },
      { name: 'lint --format sarif', args: [bin, 'lint', '--format', 'sarif'] },
    ],
    folder,
  );
  const base = medians.get('node -e 0') ?? Number.NaN;
  for (const [name, time] of medians) {
    console.log(`${name.padEnd(20)} ${time.toFixed(1).padStart(7)} ms  ${(time / base).toFixed(2)} x`);
  }
  const ratio = (medians.get('lint') ?? Number.NaN) / base;
  console.log(`\nNode ${process.version}, medians of ${rounds} runs; lint may take ${limit} x`);
  if (process.argv.includes('--check') && !(ratio <= limit)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
