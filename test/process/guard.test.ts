import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Guard, layOutGuard } from './guard.js';
import { approvals, harmless, pushes, secretReads, switches } from './guard-commands.js';

let guard: Guard;
beforeAll(async () => {
  guard = await layOutGuard();
});
afterAll(() => guard.remove());

/** The decision, whatever form the agent wants it in. */
function decision(agent: string, { code, stdout, stderr }: Answer): 'allow' | 'ask' | 'block' {
  const json = stdout.trim() === '' ? {} : JSON.parse(stdout);
  if (agent === 'copilot-cli') {
    if (code !== 0) return 'block';
    return json.permissionDecision === undefined
      ? 'allow'
      : json.permissionDecision === 'ask'
        ? 'ask'
        : 'block';
  }
  if (agent === 'cursor')
    return json.permission === undefined ? 'allow' : json.permission === 'ask' ? 'ask' : 'block';
  if (agent === 'cline') return json.cancel === false ? 'allow' : 'block';
  if (agent === 'opencode') return code === 0 && json.decision === 'allow' ? 'allow' : 'block';
  // Claude Code, Codex and Gemini CLI block on exit 2 with a reason, and on no other code.
  if (code === 2 && stderr.trim() !== '') return 'block';
  expect(code).toBe(0);
  return json.hookSpecificOutput?.permissionDecision === 'ask' ? 'ask' : 'allow';
}

/** Each agent's documented input for a shell command. */
const inputs: Readonly<Record<string, (command: string) => unknown>> = {
  'claude-code': (command) => ({
    session_id: 'abc',
    transcript_path: '/home/dev/.claude/t.jsonl',
    cwd: guard.project,
    permission_mode: 'default',
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command, description: 'd', timeout: 120_000 },
    tool_use_id: 'toolu_1',
  }),
  codex: (command) => ({
    session_id: 'abc',
    turn_id: '1',
    transcript_path: null,
    cwd: guard.project,
    hook_event_name: 'PreToolUse',
    model: 'm',
    permission_mode: 'default',
    tool_name: 'Bash',
    tool_input: { command },
    tool_use_id: 'call-1',
  }),
  'gemini-cli': (command) => ({
    session_id: 'abc',
    transcript_path: '/t.json',
    cwd: guard.project,
    hook_event_name: 'BeforeTool',
    timestamp: '2026-11-21T00:00:00Z',
    tool_name: 'run_shell_command',
    tool_input: { command },
  }),
  'copilot-cli': (command) => ({
    sessionId: 'abc',
    timestamp: 1_704_614_400_000,
    cwd: guard.project,
    toolName: 'bash',
    toolArgs: JSON.stringify({ command }),
  }),
  cursor: (command) => ({
    hook_event_name: 'beforeShellExecution',
    conversation_id: 'c',
    generation_id: 'g',
    workspace_roots: [guard.project],
    command,
    cwd: guard.project,
  }),
  opencode: (command) => ({ tool: 'bash', args: { command }, cwd: guard.project }),
  cline: (command) => ({
    clineVersion: '3',
    hookName: 'PreToolUse',
    timestamp: '1',
    taskId: 't',
    workspaceRoots: [guard.project],
    userId: 'u',
    preToolUse: { toolName: 'execute_command', parameters: { command, requires_approval: 'false' } },
  }),
};
const agents = Object.keys(inputs);
const call = (agent: string, command: string): 'allow' | 'ask' | 'block' =>
  decision(agent, guard.run(agent, JSON.stringify(inputs[agent]?.(command))));

describe.each(agents)('%s', (agent) => {
  it('goes on with ordinary work, is stopped at what needs a person, and leaves a record of both', () => {
    expect(call(agent, 'ls -la')).toBe('allow');
    expect(guard.log().at(-1)).toMatchObject({ agent, target: 'ls -la', verdict: 'allowed' });
    expect(call(agent, 'git push origin main')).toBe('block');
    expect(guard.log().at(-1)).toMatchObject({ agent, verdict: 'held', category: 'push', branches: 'main' });
    const asks = ['claude-code', 'copilot-cli', 'cursor'].includes(agent);
    expect(call(agent, 'npm publish')).toBe(asks ? 'ask' : 'block');
    expect(guard.log().at(-1)).toMatchObject({
      agent,
      verdict: asks ? 'asked' : 'held',
      category: 'publish',
    });
    expect(call(agent, 'cat .env')).toBe('block');
    expect(guard.log().at(-1)).toMatchObject({ agent, verdict: 'refused' });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['half of it', '{"hook_event_name":"PreToolUse","tool_na'],
    ['two values', '{} {}'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['null', 'null'],
    ['another event', '{"hook_event_name":"PostToolUse","tool_name":"Bash","tool_input":{}}'],
    ['numbers for names', '{"hook_event_name":1,"tool_name":2,"toolName":3,"tool":4,"preToolUse":5}'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x7b])],
    ['more than a MiB', JSON.stringify({ tool: 'x', args: 'a'.repeat(1_100_000) })],
    ['a thousand brackets', '['.repeat(100_000)],
  ])('is blocked where the guard is given %s', (_, input) => {
    expect(decision(agent, guard.run(agent, input))).toBe('block');
  });
});

describe('commands', () => {
  it.each(pushes)('holds %s', (command) => {
    const { code, stderr } = guard.command(command);
    expect([code, stderr]).toEqual([2, expect.stringContaining('approve')]);
    expect(guard.log().at(-1)).toMatchObject({ verdict: 'held', category: 'push' });
  });

  it.each(switches)('refuses %s', (command) => {
    const { code, stderr } = guard.command(command);
    expect([code, stderr]).toEqual([2, expect.stringContaining('git hook')]);
  });

  it.each(approvals)('asks about %s: %s', (category, command) => {
    expect(guard.command(command).code).toBe(2);
    expect(guard.log().at(-1)).toMatchObject({ verdict: 'held', category });
  });

  it.each(secretReads)('keeps secrets from %s', (command) => {
    expect(guard.command(command).code).toBe(2);
    expect(guard.log().at(-1)).toMatchObject({
      verdict: 'refused',
      reason: expect.stringContaining('secrets'),
    });
  });

  it.each(harmless)('lets %s through', (command) => {
    const { code, stderr } = guard.command(command);
    expect([code, stderr]).toEqual([0, '']);
    expect(guard.log().at(-1)).toMatchObject({ verdict: 'allowed', target: command });
  });
});
