import { createHash } from 'node:crypto';

/** What a policy says about tools of a server. */
export interface ToolGrant {
  /** A tool's name; `*` stands for any run of characters. */
  readonly tool: string;
  readonly access: 'read' | 'write';
  readonly reason: string | undefined;
}

/** Hashes of the tools that somebody has read, by name; `@instructions` is what the server says about itself. */
export type Pins = Readonly<Record<string, string>>;

export const instructionsPin = '@instructions';

/** A tool as the server lists it. Its name has been checked, nothing else. */
export interface ListedTool {
  readonly name: string;
  readonly description?: unknown;
}

export type ToolState = 'allowed' | 'new' | 'changed';

/** The grant that a tool falls under, if any. The first one counts. */
export function grantFor(name: string, grants: readonly ToolGrant[]): ToolGrant | undefined {
  return grants.find(({ tool }) => matchesPattern(tool, name));
}

/** Case counts. Linear: each part is looked for once, from where the last one ended. */
export function matchesPattern(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  if (!name.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

/** Whether a tool is what was reviewed: name, description, schemas and hints, all of it. */
export function stateOf(tool: ListedTool, pins: Pins): ToolState {
  const pin = Object.hasOwn(pins, tool.name) ? pins[tool.name] : undefined;
  if (pin === undefined) return 'new';
  return pin === hashOf(tool) ? 'allowed' : 'changed';
}

/** The order of members says nothing, so it does not count. */
export function hashOf(value: unknown): string {
  return hashBytes(canonical(value));
}

export function hashBytes(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** JSON with the members of every object in order of their names. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}
