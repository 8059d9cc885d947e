import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../firewall/run.js';
import {
  composeProject,
  type DevContainer,
  devContainer,
  docker,
  harden,
  missingEngine,
  removeProject,
} from './engine.js';
import { newProject, removeProjects, sidecar } from './project.js';

const skip = missingEngine() !== undefined;
afterAll(() => removeProjects());

const library = '/usr/local/lib/harden-devcontainer';
const folder = '/var/log/harden-audit';

/** Each agent's documented input for a shell command, and what says that it was let through. */
const agents: Readonly<Record<string, (command: string) => unknown>> = {
  'claude-code': (command) => ({
    hook_event_name: 'PreToolUse',
    permission_mode: 'default',
    tool_name: 'Bash',
    tool_input: { command },
  }),
  codex: (command) => ({ hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command } }),
  'gemini-cli': (command) => ({
    hook_event_name: 'BeforeTool',
    tool_name: 'run_shell_command',
    tool_input: { command },
  }),
  'copilot-cli': (command) => ({
    sessionId: 's',
    timestamp: 1,
    toolName: 'bash',
    toolArgs: JSON.stringify({ command }),
  }),
  cursor: (command) => ({ hook_event_name: 'beforeShellExecution', command }),
  opencode: (command) => ({ tool: 'bash', args: { command } }),
  cline: (command) => ({
    hookName: 'PreToolUse',
    preToolUse: { toolName: 'execute_command', parameters: { command } },
  }),
};

function isAllowed({ code, stdout }: Outcome): boolean {
  return code === 0 && !/deny|ask|"cancel":true/.test(stdout);
}

describe.skipIf(skip).each(['single', 'sidecar'] as const)('the guard in shape %s', (shape) => {
  let container: DevContainer;
  let project: string;
  /** The container with the collector: its own, or the gateway. */
  let keeper: string;

  const call = (agent: string, command: string): Promise<Outcome> =>
    container.attempt(
      `printf '%s' '${JSON.stringify(agents[agent]?.(command)).replaceAll("'", "'\\''")}' | ${library}/guard ${agent}`,
    );
  const asKeeper = (script: string): string =>
    docker('exec', '--user', '59904', keeper, 'bash', '-c', script);
  const audit = (...flags: string[]): Outcome => harden('audit', project, '--container', keeper, ...flags);

  beforeAll(() => {
    project = newProject('--stack', 'none', '--agent', 'none', '--shape', shape);
    if (shape === 'single') {
      container = devContainer(project);
      keeper = container.id;
    } else {
      const both = sidecar(project);
      container = both.workspace;
      keeper = both.gateway;
    }
  });
  afterAll(() => {
    if (shape === 'sidecar') removeProject(composeProject(container.id) ?? '');
  });

  it.each(Object.keys(agents))('answers %s in its own form, as the remote user', async (agent) => {
    expect(isAllowed(await call(agent, 'ls'))).toBe(true);
    for (const command of [
      'git push origin main',
      'npm publish',
      'cat .env',
      'terraform apply',
      'npx prisma migrate deploy',
    ])
      expect([command, isAllowed(await call(agent, command))]).toEqual([command, false]);
  });

  it('leaves the log, the guard and the collector out of the reach of the remote user', async () => {
    const script = (await container.asRoot(`pgrep -f TCP4-LISTEN:15090 | head -1`)).stdout.trim();
    const attempts = [
      `cat ${folder}/audit.jsonl`,
      `ls ${folder}`,
      `echo x >>${folder}/audit.jsonl`,
      `rm -r ${folder}/audit.jsonl ${folder} </dev/null`,
      `mv ${folder} /tmp/gone`,
      `touch ${folder}/grants/x`,
      `chmod 777 ${folder}`,
      `echo x >>${library}/guard`,
      `rm ${library}/guard`,
      `mv ${library} /tmp/gone`,
      `echo '{}' >/etc/harden-devcontainer/guard.json`,
      `rm ${library}/git-hooks/pre-push`,
      `echo x >>/etc/gitconfig`,
      `setpriv --reuid=59904 --clear-groups true`,
      ...(shape === 'single'
        ? [
            `kill -9 ${script}`,
            `cat /proc/${script}/environ`,
            `ls /proc/${script}/fd`,
            `cat /proc/${script}/mem`,
            's6-svc -d /run/harden-devcontainer/services/audit',
          ]
        : []),
    ];
    for (const attempt of attempts)
      expect([attempt, (await container.attempt(attempt)).code]).not.toEqual([attempt, 0]);
    // The same attempts, by who may: they are not refused for a typing mistake.
    expect(
      asKeeper(`cat ${folder}/audit.jsonl; ls ${folder}; touch ${folder}/grants/x; rm ${folder}/grants/x`),
    ).toContain('"sequence":1');
  });

  it('holds a push until somebody on the host approves it, once', async () => {
    const push = (refs: string): Promise<Outcome> =>
      container.attempt(`cd /tmp/a && git push /tmp/b.git ${refs}`);
    const commit = 'git -c user.name=x -c user.email=y commit -q --allow-empty -m x';
    await container.attempt(
      `cd /tmp && git init -q a && git init -q --bare b.git && cd a && ${commit} && git branch -M main`,
    );
    expect((await push('main:feature')).code).toBe(0);
    const held = await push('main');
    expect([held.code, held.stderr]).toEqual([1, expect.stringContaining('harden-devcontainer approve')]);
    // Nobody inside can write the grant.
    const listed = harden('approve', project, '--container', keeper);
    const [, id = ''] = /^([0-9a-f]{12}) {2}push to main: git push \/tmp\/b\.git/m.exec(listed.stdout) ?? [];
    expect(id).not.toBe('');
    expect(harden('approve', project, '--container', keeper, '--request', id).stderr).toMatch(
      /^approved once, for 10 minutes/,
    );
    expect(isAllowed(await call('codex', 'git push /tmp/b.git main'))).toBe(true);
    expect((await push('main')).code).toBe(0);
    expect((await container.attempt(`cd /tmp/a && ${commit} && git push /tmp/b.git main`)).code).toBe(1);
    expect(isAllowed(await call('codex', 'git push /tmp/b.git main'))).toBe(false);
    // The repository's own configuration does not replace the hook, and its own hook runs too.
    await container.attempt(
      `cd /tmp/a && mkdir -p own && printf '#!/bin/sh\\ntouch /tmp/own-ran\\n' >own/pre-push && chmod +x own/pre-push && git config core.hooksPath own`,
    );
    expect((await push('main')).code).toBe(1);
    expect((await push('main:other')).code).toBe(0);
    expect((await container.attempt('test -e /tmp/own-ran')).code).toBe(0);
  });

  it('shows the log on the host, and that somebody changed it', () => {
    expect(audit('--verify').stdout).toMatch(/^\d+ calls, chain whole/);
    expect(audit('--blocked').stdout).toMatch(/held +Bash +git push/);
    asKeeper(`cp ${folder}/audit.jsonl ${folder}/kept; sed -i '1s/allowed/refused/' ${folder}/audit.jsonl`);
    const changed = audit('--verify');
    expect([changed.code, changed.stderr]).toEqual([1, expect.stringContaining('line 2 does not follow')]);
    asKeeper(`head -n -1 ${folder}/kept >${folder}/audit.jsonl`);
    expect(audit('--verify').code).toBe(1);
    asKeeper(`cat ${folder}/kept >${folder}/audit.jsonl; rm ${folder}/kept`);
    expect(audit('--verify').code).toBe(0);
  });

  it('lets nothing through while the collector is away, and goes on when it is back', async () => {
    const service = '/run/harden-devcontainer/services/audit';
    docker('exec', keeper, 's6-svc', '-wD', '-d', service);
    expect(isAllowed(await call('codex', 'ls'))).toBe(false);
    expect(isAllowed(await call('claude-code', 'ls'))).toBe(false);
    // Somebody else on its port is not the collector.
    const fake = `perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(LocalAddr=>"127.0.0.1",LocalPort=>15090,Listen=>5,ReuseAddr=>1) or die; while($c=$s->accept){<$c>;print $c "ok\\n";close $c}'`;
    await container.attempt(`setsid ${fake} >/dev/null 2>&1 & sleep 0.5`);
    expect((await container.attempt('grep -c ":3AF2 00000000:0000 0A" /proc/net/tcp')).stdout.trim()).toBe(
      '1',
    );
    expect(isAllowed(await call('codex', 'ls'))).toBe(false);
    await container.attempt('pkill -u dev perl; sleep 0.2');
    docker('exec', keeper, 's6-svc', '-wu', '-u', service);
    const until = Date.now() + 15_000;
    let isBack = false;
    while (!isBack && Date.now() < until) isBack = isAllowed(await call('codex', 'ls'));
    expect(isBack).toBe(true);
    // Killed, s6 starts it again by itself.
    await container.asRoot('pkill -9 -f TCP4-LISTEN:15090');
    let again = false;
    while (!again && Date.now() < until + 15_000) again = isAllowed(await call('codex', 'ls'));
    expect(again).toBe(true);
    expect(audit('--verify').code).toBe(0);
  });

  it('keeps its log over a restart, and moves it to the host', async () => {
    const before = Number(/^\d+/.exec(audit('--verify').stdout)?.[0]);
    docker('restart', '--time', '2', keeper);
    if (shape === 'sidecar') docker('restart', '--time', '2', container.id);
    expect((await container.exec('/usr/local/bin/harden-ready')).code).toBe(0);
    expect(isAllowed(await call('codex', 'ls'))).toBe(true);
    expect(audit('--verify').stdout).toMatch(new RegExp(`^${before + 1} calls, chain whole`));
    expect(audit('--rotate', `${project}/moved.jsonl`).code).toBe(0);
    expect(isAllowed(await call('codex', 'ls'))).toBe(true);
    expect(audit('--verify').stdout).toMatch(/^1 calls, chain whole/);
    docker('stop', '--time', '2', container.id);
    if (shape === 'single') expect(audit('--verify').stdout).toMatch(/^1 calls, chain whole/);
  });
});
