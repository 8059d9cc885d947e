import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './median.js';

/**
 * How long `lint` of one devcontainer.json takes, alone and with the compose file and the Dockerfile that it is made
 * from, and `init --yes` in an empty folder, as multiples of Node's own start: what a user waits for. Runs of all commands
 * take turns, so that a busy machine slows them all; medians are compared. `--check` fails beyond a limit.
 */
const limits: Readonly<Record<string, number>> = { lint: 1.8, 'lint of compose': 2.2, 'init --yes': 2.5 };
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

const composed: Readonly<Record<string, string>> = {
  '.devcontainer/devcontainer.json': `{
  "name": "example",
  "dockerComposeFile": ["../compose.yaml", "compose.yaml"],
  "service": "app",
  "workspaceFolder": "/workspaces/app",
  "customizations": { "vscode": { "extensions": ["dbaeumer.vscode-eslint"] } },
  "remoteUser": "node",
}
`,
  '.devcontainer/compose.yaml': `services:
  app:
    build: { context: ., dockerfile: .devcontainer/Dockerfile, args: { VARIANT: "24" } }
    volumes: [".:/workspaces/app:cached"]
    command: sleep infinity
    cap_drop: [ALL]
    security_opt: [no-new-privileges]
`,
  'compose.yaml': `x-logging: &logging { driver: local }
services:
  app:
    environment: { DATABASE_URL: "postgres://app:app@db/\${DATABASE:-app}" }
    depends_on: [db, cache]
  db:
    image: postgres:18
    logging: *logging
    environment: { POSTGRES_USER: app, POSTGRES_PASSWORD: app }
    volumes: ["data:/var/lib/postgresql"]
    ports: ["127.0.0.1:5432:5432"]
  cache:
    image: redis:8
    logging: *logging
volumes:
  data:
`,
  '.devcontainer/Dockerfile': `ARG VARIANT=24
FROM mcr.microsoft.com/devcontainers/javascript-node:\${VARIANT}
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client \\
    && rm -rf /var/lib/apt/lists/*
USER node
`,
};

interface Command {
  readonly name: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** Before each run nothing is in the folder. */
  readonly isEmptied?: boolean;
  /** Without the certificates that Node is told to read at each start, where it is told. */
  readonly isPlain?: boolean;
  /** As the first time: without V8's code of an earlier run, and without keeping it. */
  readonly isFirst?: boolean;
}

const { NODE_EXTRA_CA_CERTS: certificates, ...plainEnvironment } = process.env;

function timeOf({ args, folder: cwd, isPlain, isFirst }: Command): number {
  const env = {
    ...(isPlain ? plainEnvironment : process.env),
    ...(isFirst && { NODE_DISABLE_COMPILE_CACHE: '1' }),
  };
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  if (status === null || status > 1) throw new Error(`${args.join(' ')} failed: ${stderr}`);
  return elapsed;
}

function measure(commands: readonly Command[]): Map<string, number> {
  const times = new Map(commands.map((command) => [command.name, [] as number[]]));
  // The first round only warms the file cache, and lets the program keep V8's code.
  for (let round = 0; round <= rounds; round += 1) {
    for (const command of commands) {
      if (command.isEmptied)
        for (const name of readdirSync(command.folder))
          rmSync(join(command.folder, name), { recursive: true });
      const time = timeOf(command);
      if (round > 0) times.get(command.name)?.push(time);
    }
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}

function write(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'harden-devcontainer-bench-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const folder = write({ '.devcontainer/devcontainer.json': configuration });
const other = write(composed);
const empty = write({});
try {
  const medians = measure([
    { name: 'node -e 0', args: ['-e', '0'], folder },
    { name: '--version', args: [bin, '--version'], folder },
    { name: 'lint', args: [bin, 'lint'], folder },
    { name: 'lint, first time', args: [bin, 'lint'], folder, isFirst: true },
    { name: 'lint --format json', args: [bin, 'lint', '--format', 'json'], folder },
    { name: 'lint --format sarif', args: [bin, 'lint', '--format', 'sarif'], folder },
    { name: 'lint of compose', args: [bin, 'lint'], folder: other },
    { name: 'init --yes', args: [bin, 'init', '--yes'], folder: empty, isEmptied: true },
    { name: 'node -e 0, plain', args: ['-e', '0'], folder, isPlain: true },
    { name: 'lint, plain', args: [bin, 'lint'], folder, isPlain: true },
  ]);
  const base = medians.get('node -e 0') ?? Number.NaN;
  for (const [name, time] of medians) {
    const most = limits[name];
    const limit = most === undefined ? '' : `  of at most ${most} x`;
    console.log(
      `${name.padEnd(20)} ${time.toFixed(1).padStart(7)} ms  ${(time / base).toFixed(2)} x${limit}`,
    );
    if (process.argv.includes('--check') && most !== undefined && !(time / base <= most))
      process.exitCode = 1;
  }
  console.log(`\nNode ${process.version}, medians of ${rounds} runs`);
  const plain = (medians.get('lint, plain') ?? Number.NaN) / (medians.get('node -e 0, plain') ?? Number.NaN);
  if (certificates !== undefined)
    console.log(
      `NODE_EXTRA_CA_CERTS is set, so every start of Node reads certificates; without it lint takes ${plain.toFixed(2)} x node -e 0`,
    );
} finally {
  for (const one of [folder, other, empty]) rmSync(one, { recursive: true });
}
