import { applyEdits, editsByFile } from '../core/edit.js';
import type { FixState } from '../core/fix.js';
import { matchFindings } from '../core/match.js';
import type { Edit, Finding } from '../core/rule.js';
import { ignoreEdits } from '../index.js';
import { addOverride, findPolicyFor, patternOf } from '../policy/add-override.js';

/** A way to take one finding out that was tried and works; nothing is written yet. */
export interface Suppression {
  /** Where the reason goes and what it covers, as the end of a sentence: `as a comment above the line`. */
  readonly where: string;
  /** The state with it, and the findings that are left with what they were. `reason` is one line. */
  apply(reason: string): Promise<SuppressedState>;
}

export interface SuppressedState extends FixState {
  readonly origins: ReadonlyMap<Finding, Finding>;
}

export interface SuppressTools {
  /** A file's text in the state; undefined where there is none. */
  read(path: string): string | undefined;
  /** The findings with these texts, overrides of the policy files among them included. */
  relint(texts: ReadonlyMap<string, string>): Promise<readonly Finding[]>;
  /** The repositories, relative to the project: policy files are looked for up to them. */
  readonly roots: readonly string[];
}

/**
 * A comment above the finding; where its file can hold none, an entry of the policy file, which is about the whole
 * file. Undefined where neither takes the finding out.
 */
export async function findSuppression(
  finding: Finding,
  state: FixState,
  tools: SuppressTools,
): Promise<Suppression | undefined> {
  for (const way of [byComment(finding, state, tools), byConfiguration(finding, state, tools)]) {
    // Tried with any reason: what is asked for one should work.
    if (await way.attempt('tried'))
      return { where: way.where, apply: async (reason) => (await way.attempt(reason)) ?? failed(finding) };
  }
  return undefined;
}

interface Way {
  readonly where: string;
  attempt(reason: string): Promise<SuppressedState | undefined>;
}

function failed({ ruleId }: Finding): never {
  throw new Error(`the suppression of ${ruleId} worked with one reason and not with another`);
}

function byComment(finding: Finding, state: FixState, tools: SuppressTools): Way {
  const { place, ruleId } = finding;
  return {
    where: 'as a comment above the line',
    async attempt(reason) {
      const edits = await ignoreEdits(place, ruleId, reason);
      if (edits.length === 0) return undefined;
      const texts = new Map(state.texts).set(place.file.path, applyEdits(place.file.text, edits));
      return prove(finding, state, texts, edits, tools);
    },
  };
}

function byConfiguration(finding: Finding, state: FixState, tools: SuppressTools): Way {
  const { path } = finding.place.file;
  const { root, policy, text } = findPolicyFor(path, tools.roots, tools.read);
  return {
    where: `in ${policy}, which turns ${finding.ruleId} off for all of ${path}`,
    attempt(reason) {
      const override = {
        rules: [finding.ruleId],
        severity: 'off',
        paths: [patternOf(root === '' ? path : path.slice(root.length + 1))],
        reason,
      } as const;
      const file = text === undefined ? undefined : { path: policy, text };
      const texts = new Map(state.texts).set(policy, addOverride(file, override));
      return prove(finding, state, texts, [], tools);
    },
  };
}

/** The new state, where the finding is gone and nothing new has come. */
async function prove(
  finding: Finding,
  state: FixState,
  texts: ReadonlyMap<string, string>,
  edits: readonly Edit[],
  { relint }: SuppressTools,
): Promise<SuppressedState | undefined> {
  const findings = await relint(texts);
  const origins = matchFindings(state.findings, findings, editsByFile(edits));
  const isGone = ![...origins.values()].includes(finding);
  return isGone && findings.every((left) => origins.has(left)) ? { findings, texts, origins } : undefined;
}
