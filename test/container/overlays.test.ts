import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../firewall/run.js';
import { type DevContainer, devContainer, docker, harden, missingEngine, plainContainer } from './engine.js';
import { newProject, removeProjects } from './project.js';

const skip = missingEngine() !== undefined;
afterAll(removeProjects);

const secret = 'API_TOKEN=Zk9wQ2mT7rLx4VbN8sHd3JfYp6GcAe1uRi5o\n';

/** What an agent would do so that the host runs it later, and how the host sees that it worked. */
const attacks: readonly (readonly [what: string, script: string, worked: (folder: string) => boolean])[] = [
  ["writes one of Git's hooks", 'echo evil > .git/hooks/pre-commit', holdsEvil('.git/hooks/pre-commit')],
  [
    'puts another .git in its place',
    'mv .git .away && mkdir -p .git/hooks && echo evil > .git/hooks/post-checkout; mv .git .git.evil && mv .away .git',
    (folder) => existsSync(join(folder, '.git.evil')),
  ],
  [
    'replaces the hooks',
    'mv .git/hooks .git/old && mkdir .git/hooks',
    (folder) => existsSync(join(folder, '.git/old')),
  ],
  ["changes Git's configuration", 'echo "# evil" >> .git/config', holdsEvil('.git/config')],
  ['writes a task that starts by itself', 'echo evil > .vscode/tasks.json', holdsEvil('.vscode/tasks.json')],
  [
    'replaces the folder of tasks',
    'mv .vscode .v && mkdir .vscode',
    (folder) => existsSync(join(folder, '.v')),
  ],
  ['makes a folder of another editor', 'mkdir -p .idea && echo evil > .idea/x.xml', holdsEvil('.idea/x.xml')],
  ["changes an agent's servers", 'echo evil >> .mcp.json', holdsEvil('.mcp.json')],
  ['reads a secret', 'cp .env seen', holds('seen', 'API_TOKEN')],
  [
    'reads a secret by another name of its folder',
    'mv api api2; cp api2/.env seen2; mv api2 api',
    holds('seen2', 'API_TOKEN'),
  ],
  ['links a secret', 'ln .env seen3', holds('seen3', 'API_TOKEN')],
];

function holds(path: string, text: string) {
  return (folder: string) =>
    existsSync(join(folder, path)) && readFileSync(join(folder, path), 'utf8').includes(text);
}

function holdsEvil(path: string) {
  return holds(path, 'evil');
}

const limits = {
  memory: '1g',
  cpus: 1.5,
  pids: 300,
  openFiles: 4096,
  temporary: '100m',
  sharedMemory: '128m',
};

/** A project with something to protect, as `init` writes it for this shape. */
function protectedProject(shape: string, more: object): string {
  const folder = newProject('--stack', 'none', '--agent', 'none', '--shape', shape);
  for (const path of ['.vscode', '.idea', 'api']) mkdirSync(join(folder, path));
  const files = {
    '.gitignore': '.idea\n.env\n',
    '.vscode/settings.json': '{}\n',
    '.idea/a.xml': '<a/>\n',
    '.mcp.json': '{ "mcpServers": {} }\n',
    '.env': secret,
    'api/.env': secret,
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  const kinds = 'git-hooks,git-config,editors,agents,secrets';
  const policy = join(folder, '.devcontainer/harden-devcontainer.jsonc');
  const text = readFileSync(policy, 'utf8');
  writeFileSync(
    policy,
    text.replace('"allow"', `"limits": ${JSON.stringify({ ...limits, ...more })},\n  "allow"`),
  );
  const outcome = harden('init', folder, '--yes', '--force', '--protect', kinds);
  if (outcome.code !== 0) throw new Error(outcome.stderr);
  must('chown', ['-R', '1000:1000', folder]);
  return folder;
}

const shapes = [
  { shape: 'single', workspace: '"$(echo /workspaces/*)"', more: {} },
  { shape: 'sidecar', workspace: '/workspace', more: { readOnlyRoot: true } },
];

describe.skipIf(skip).each(shapes)('the project in shape $shape', ({ shape, workspace, more }) => {
  let container: DevContainer;
  let control: string;
  let open: string;

  beforeAll(() => {
    const folder = protectedProject(shape, more);
    open = mkdtempSync(join(tmpdir(), 'harden-open-'));
    cpSync(folder, open, { recursive: true });
    must('chown', ['-R', '1000:1000', open]);
    container = devContainer(folder);
    const image = docker('inspect', '--format', '{{.Image}}', container.id);
    const label = `harden-control=${process.pid}`;
    const flags = ['--user=dev', '--entrypoint=sleep', `--label=${label}`, `--volume=${open}:/open`];
    control = docker('run', '--detach', ...flags, image, 'infinity');
  });
  afterAll(() => {
    if (control) docker('rm', '--force', control);
    if (open) rmSync(open, { recursive: true, force: true });
  });

  it.each(attacks)('is safe from who %s', async (_, script, worked) => {
    await plainContainer(control).attempt(`cd /open && ${script}`);
    expect(worked(open)).toBe(true);
    await container.attempt(`cd ${workspace} && ${script}`);
    expect(worked(container.folder)).toBe(false);
  });

  it('can be worked in all the same: files, commits, branches', async () => {
    const script = `cd ${workspace} && echo x > file && git add file && git -c user.name=a -c user.email=a@b.test commit -qm x && git switch -qc topic && git log --oneline | wc -l`;
    const { code, stdout, stderr } = await container.exec(script);
    expect({ code, stdout: stdout.trim(), stderr }).toMatchObject({ code: 0, stdout: '1' });
  });

  it('is held to its limits', async () => {
    const read = async (script: string) => (await container.attempt(script)).stdout.trim();
    const group = (v2: string, v1: string) =>
      `cat /sys/fs/cgroup/${v2} 2>/dev/null || cat /sys/fs/cgroup/${v1}`;
    expect(await read(group('memory.max', 'memory/memory.limit_in_bytes'))).toBe(`${2 ** 30}`);
    expect(await read(group('pids.max', 'pids/pids.max'))).toBe('300');
    expect(await read('ulimit -n')).toBe('4096');
    expect(await read("df --output=size -k /tmp /dev/shm | tail -2 | tr '\\n' ' '")).toMatch(
      /^102400 +131072$/,
    );
    const bomb = await read('for i in $(seq 400); do sleep 5 & done 2>&1 | grep -c fork; true');
    expect(Number(bomb)).toBeGreaterThan(0);
  });

  if ('readOnlyRoot' in more)
    it('has a root that cannot be written, and a home that can', async () => {
      for (const path of ['/usr/x', '/etc/x', '/opt/x', '/var/lib/x'])
        expect((await container.attempt(`touch ${path}`)).code, path).not.toBe(0);
      expect((await container.attempt('touch ~/x /tmp/x /var/tmp/x')).code).toBe(0);
      expect(
        (
          await container.attempt(
            'mkdir -p ~/.vscode-server/bin && cp /bin/true ~/.vscode-server/bin && ~/.vscode-server/bin/true',
          )
        ).code,
      ).toBe(0);
    });
});
