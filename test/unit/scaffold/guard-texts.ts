import { expect } from 'vitest';
import { plainValue } from '../../../src/documents/json.js';
import { parseToml } from '../../../src/documents/toml.js';
import { toGuards } from '../../../src/policy/guards.js';
import { agentIds } from '../../../src/policy/policy.js';
import { renderGuards } from '../../../src/scaffold/guards/guard-files.js';
import type { GuardInput } from '../../../src/scaffold/guards/guard-input.js';

const gated = ['tracker', { command: 'socat', args: ['-', 'TCP4:127.0.0.1:20001,nodelay'] }] as const;
export const plain: GuardInput = { guards: toGuards(), secrets: [], servers: [] };
export const full: GuardInput = {
  guards: toGuards(),
  secrets: ['config/prod.env.bak', 'keys/a (copy).pem'],
  servers: [gated, ['docs', { type: 'http', url: 'http://127.0.0.1:8123/mcp' }]],
};

/** The text of the file that lies there in the container. */
export function textOf(input: GuardInput, target: string): string {
  const file = renderGuards(agentIds, input).find((one) => one.target === target);
  if (!file) throw new Error(`no ${target}`);
  return file.text;
}

/** What it says. */
// biome-ignore lint/suspicious/noExplicitAny: each agent's own shape
export async function read(input: GuardInput, target: string): Promise<any> {
  const text = textOf(input, target);
  if (!target.endsWith('.toml')) return JSON.parse(text);
  const document = await parseToml({ path: target, text });
  expect(document.problems).toEqual([]);
  return plainValue(document.root);
}
