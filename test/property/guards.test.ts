import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClaudeRule } from '../../src/agents/claude-rules.js';
import { secretPatterns } from '../../src/policy/file-patterns.js';
import { approvals, toGuards } from '../../src/policy/guards.js';
import { deniedFiles, type GuardInput } from '../../src/scaffold/guards/guard-input.js';
import { full, read, textOf } from '../unit/scaffold/guard-texts.js';
import { runs } from './runs.js';

describe('what agents are told, whatever the policy says', () => {
  const inputs = fc.record({
    guards: fc.record({
      bypass: fc.boolean(),
      approve: fc.subarray([...approvals]),
    }),
    secrets: fc.array(fc.oneof(fc.string({ minLength: 1, unit: 'binary' }), fc.nat().map(String)), {
      maxLength: 5,
    }),
    servers: fc.subarray([...full.servers]),
  });

  it('every deny list has the usual files and each one that was found', () => {
    fc.assert(
      fc.property(inputs, ({ guards, secrets, servers }) => {
        const input: GuardInput = { guards: toGuards(guards), secrets, servers };
        const globs = deniedFiles(input).map(({ glob }) => glob);
        const usual = secretPatterns.map((pattern) => pattern.replace(/^~?\//, ''));
        expect(usual.filter((glob) => !globs.includes(glob))).toEqual([]);
        const claude = JSON.parse(textOf(input, '/etc/claude-code/managed-settings.json'));
        const copilot = JSON.parse(textOf(input, '/etc/github-copilot/managed-settings.json'));
        expect(claude.permissions.deny).toHaveLength(globs.length);
        expect(copilot.permissions.deny).toHaveLength(globs.length * 2);
        const isRule = (rule: string) =>
          parseClaudeRule(rule)?.tool === 'Read' && /^Read\((?:~\/|\/\/)[^()]+\)$/.test(rule);
        expect(claude.permissions.deny.filter((rule: string) => !isRule(rule))).toEqual([]);
        const opencode = JSON.parse(textOf(input, '/etc/opencode/opencode.json'));
        expect(Object.keys(opencode.permission.read)[0]).toBe('*');
        expect(
          Object.values(opencode.permission.read).filter((one) => one === 'deny').length,
        ).toBeGreaterThanOrEqual(globs.length);
      }),
      { numRuns: runs(20) },
    );
  });

  it('every rule for Gemini is one that it takes, and every file in TOML reads as TOML', async () => {
    await fc.assert(
      fc.asyncProperty(inputs, async ({ guards, secrets, servers }) => {
        const input: GuardInput = { guards: toGuards(guards), secrets, servers };
        const { rule } = await read(input, '/etc/gemini-cli/policies/harden-devcontainer.toml');
        expect(rule.filter((one: { decision: string }) => one.decision === 'deny')).toHaveLength(
          deniedFiles(input).length,
        );
        for (const { argsPattern = '' } of rule) {
          expect(() => new RegExp(argsPattern)).not.toThrow();
          expect(argsPattern.length).toBeLessThanOrEqual(2048);
          expect(argsPattern).not.toMatch(/\([^)]*[*+?{].*\)[*+?{]/);
        }
        await read(input, '/etc/codex/requirements.toml');
        await read(input, '/etc/codex/managed_config.toml');
      }),
      { numRuns: runs(10) },
    );
  });
});
