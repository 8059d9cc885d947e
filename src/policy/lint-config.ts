import { coversFile, readPatterns } from '../core/path-patterns.js';
import type { Severity } from '../core/rule.js';
import { didYouMean } from '../core/suggest.js';
import { isDate, type Override } from '../core/suppress.js';
import type { SourceFile } from '../core/text.js';
import { checkSchema, type PolicyProblem } from './check.js';
import { quote } from './messages.js';
import { readChecked, spanAt } from './parse.js';

interface RawOverride {
  readonly rules: readonly string[];
  readonly severity: Severity | 'off';
  readonly paths?: readonly string[];
  readonly until?: string;
  readonly reason: string;
}

interface RawConfig {
  readonly lint?: { readonly overrides?: readonly RawOverride[]; readonly sources?: unknown };
}

/**
 * Reads the section `lint` of a policy file; undefined where there is none. `base` is the folder that its paths begin
 * in, '' or without a slash at its end.
 *
 * @throws UserError at the place where the file is not what its schema says, or names an unknown rule.
 */
export function parseLintConfig(
  file: SourceFile,
  base: string,
  knownRules: readonly string[],
): readonly Override[] | undefined {
  const check = (value: unknown) => {
    const problems = checkSchema(value);
    return problems.length > 0 ? problems : [...checkOverrides(overridesOf(value), knownRules)];
  };
  const { value, document } = readChecked(file, check);
  if ((value as RawConfig).lint === undefined) return undefined;
  return overridesOf(value).map((raw, index) => ({
    place: {
      file,
      at: spanAt(document, { pointer: `/lint/overrides/${index}`, key: undefined, message: '' }),
    },
    rules: raw.rules,
    severity: raw.severity,
    covers: coverPaths(raw.paths, base),
    hasPaths: raw.paths !== undefined,
    reason: raw.reason,
    until: raw.until,
  }));
}

function overridesOf(value: unknown): readonly RawOverride[] {
  return (value as RawConfig).lint?.overrides ?? [];
}

function* checkOverrides(
  overrides: readonly RawOverride[],
  knownRules: readonly string[],
): Generator<PolicyProblem> {
  for (const [index, { rules, until }] of overrides.entries()) {
    const pointer = `/lint/overrides/${index}`;
    if (until !== undefined && !isDate(until))
      yield {
        pointer: `${pointer}/until`,
        key: undefined,
        message: `${quote(until)} is no day of the calendar`,
      };
    for (const [at, id] of rules.entries()) {
      if (knownRules.includes(id)) continue;
      const message = `there is no rule ${quote(id)}${didYouMean(id, knownRules) || '; explain lists all'}`;
      yield { pointer: `${pointer}/rules/${at}`, key: undefined, message };
    }
  }
}

function coverPaths(paths: readonly string[] | undefined, base: string): (path: string) => boolean {
  const start = base === '' ? '' : `${base}/`;
  if (!paths) return (path) => path.startsWith(start);
  const patterns = readPatterns(paths);
  return (path) => path.startsWith(start) && coversFile(patterns, path.slice(start.length));
}

/** Whether a policy file says where things may come from. */
export function hasSources(file: SourceFile): boolean {
  const { value } = readChecked(file, () => []);
  return (value as RawConfig).lint?.sources !== undefined;
}
