// Asks the guard about every tool call of OpenCode. Written by harden-devcontainer; root owns it.
import { spawnSync } from 'node:child_process';

const guard = '/usr/local/lib/harden-devcontainer/guard';

export const HardenGuard = async ({ directory }) => ({
  'tool.execute.before': async (input, output) => {
    const call = JSON.stringify({ tool: input.tool, args: output.args, cwd: directory });
    const { status, stdout } = spawnSync(guard, ['opencode'], {
      input: call,
      timeout: 60_000,
      cwd: directory,
    });
    let answer = {};
    try {
      answer = JSON.parse(String(stdout));
    } catch {
      // No answer is a refusal.
    }
    if (status !== 0 || answer.decision !== 'allow')
      throw new Error(answer.reason ?? 'harden-guard: the guard does not answer, so the call is blocked');
  },
});
