import { remember } from '../core/remember.js';

/** `Tool(specifier)` as Claude Code writes permissions. */
export interface ClaudeRule {
  readonly tool: string;
  /** Undefined for the bare tool. */
  readonly specifier: string | undefined;
}

/** Reads a rule; undefined for text that is none. A parenthesis inside the specifier belongs to it. */
export function parseClaudeRule(text: string): ClaudeRule | undefined {
  return readRule(text).rule;
}

const readRule = remember((text) => ({ rule: splitRule(text) }));

function splitRule(text: string): ClaudeRule | undefined {
  const [, tool, rest = ''] = /^\s*([\w$*-]+)\s*(.*?)\s*$/s.exec(text) ?? [];
  if (tool === undefined) return undefined;
  if (rest === '') return { tool, specifier: undefined };
  const inner = /^\((.*)\)$/s.exec(rest)?.[1];
  return inner === undefined ? undefined : { tool, specifier: inner };
}

/** A shell rule's specifier with `*` for what is free: `npm run:*` means `npm run *`. */
export function shellPattern(specifier: string | undefined): string {
  if (specifier === undefined) return '*';
  return specifier.replace(/\s*:\*\s*$/, ' *');
}

/** The tools that run shell commands. */
export function isShellTool(tool: string): boolean {
  return tool === 'Bash' || tool === 'PowerShell';
}

/** Whether the specifier covers everything the tool can do. */
export function coversAll(specifier: string | undefined): boolean {
  return specifier === undefined || /^[\s*:]*$/.test(specifier);
}
