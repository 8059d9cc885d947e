import { approvalCommands } from '../../policy/approval-commands.js';
import { obeyedPatterns, secretPatterns } from '../../policy/file-patterns.js';
import type { Guards } from '../../policy/guards.js';
import type { ClientEntry } from '../../policy/mcp-config.js';

/** Where the guard lies in the image; an agent's hook calls it with the agent's id. */
export const guardProgram = '/usr/local/lib/harden-devcontainer/guard';
/** Seconds; the guard itself answers within 25. */
export const guardTimeout = 60;

/** What every agent's own form is rendered from. */
export interface GuardInput {
  readonly guards: Guards;
  /** Files of the project that hold secrets, relative to its root. */
  readonly secrets: readonly string[];
  /** MCP servers that the policy declares, as a client reaches them; by name. */
  readonly servers: readonly (readonly [name: string, entry: ClientEntry])[];
}

/** A file of an agent's enforced form. */
export interface GuardFile {
  /** Absolute path in the image. */
  readonly target: string;
  readonly text: string;
  readonly executable?: boolean;
}

/** A pattern of files: `anywhere` in every folder, below the `home`, or from the `root` of the file system. */
export interface FilePattern {
  readonly from: 'anywhere' | 'home' | 'root';
  /** `*` within a step, `**` across steps, `?` one character. */
  readonly glob: string;
}

/** Everything that no agent needs to read: what is usual, then what is really there. */
export function deniedFiles({ secrets }: GuardInput): readonly FilePattern[] {
  const found = secrets.map((path): FilePattern => ({ from: 'anywhere', glob: plainGlob(path) }));
  const all = [...secretPatterns.map(toPattern), ...found];
  return all.filter(
    ({ from, glob }, index) => all.findIndex((one) => one.from === from && one.glob === glob) === index,
  );
}

/** What only changes after a person has seen it. */
export function askedFiles(): readonly FilePattern[] {
  return obeyedPatterns.map(toPattern);
}

/** Beginnings of the commands that a person approves first. */
export function askedCommands({ guards }: GuardInput): readonly string[] {
  return guards.approve.flatMap((approval) => approvalCommands[approval]);
}

function toPattern(text: string): FilePattern {
  if (text.startsWith('~/')) return { from: 'home', glob: text.slice(2) };
  return text.startsWith('/') ? { from: 'root', glob: text.slice(1) } : { from: 'anywhere', glob: text };
}

/** Gemini passes over a rule with a longer pattern; the end of a path tells it from others. */
const longestGlob = 300;

/** A path as a pattern for itself: what some agent's pattern language could read as more becomes a wildcard. */
function plainGlob(path: string): string {
  const end = path.length > longestGlob ? `*${path.slice(-longestGlob)}` : path;
  return end.replace(/[^\x20-\x7e]+/g, '*').replace(/[^A-Za-z0-9._/@+ *-]/g, '?');
}

/** JSON as people read it, with a line end. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
