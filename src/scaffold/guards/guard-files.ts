import type { AgentId } from '../../policy/policy.js';
import { guardClaudeCode } from './claude-code.js';
import { guardCodex } from './codex.js';
import { guardCopilotCli } from './copilot-cli.js';
import { guardGeminiCli } from './gemini-cli.js';
import type { GuardFile, GuardInput } from './guard-input.js';
import { guardCline, guardCursor } from './hooks-only.js';
import { guardOpenCode } from './opencode.js';

const forms: Readonly<Record<AgentId, (input: GuardInput) => readonly GuardFile[]>> = {
  'claude-code': guardClaudeCode,
  codex: guardCodex,
  'gemini-cli': guardGeminiCli,
  'copilot-cli': guardCopilotCli,
  cursor: guardCursor,
  opencode: guardOpenCode,
  // It has neither hooks nor a place that the user cannot write.
  aider: () => [],
  cline: guardCline,
};

/** A file of an agent's enforced form, and where it lies in the project. */
export interface PlacedGuardFile extends GuardFile {
  /** Relative to `.devcontainer`. */
  readonly source: string;
  readonly executable: boolean;
}

/** Each agent's own form of one policy. */
export function renderGuards(agents: readonly AgentId[], input: GuardInput): readonly PlacedGuardFile[] {
  return agents.flatMap((agent) =>
    forms[agent](input).map((file) => ({
      ...file,
      source: `guards/${agent}/${file.target.slice(file.target.lastIndexOf('/') + 1)}`,
      executable: file.executable === true,
    })),
  );
}
