import {
  findAll,
  findInGroups,
  isChosen,
  isShown,
  type LintOptions,
  type LintResult,
  mayShow,
  type ReportedFinding,
  type Scope,
  type SubjectGroups,
  sortFindings,
} from '../core/lint.js';
import { once } from '../core/once.js';
import type { AnyRule, Finding, Project, Subject } from '../core/rule.js';
import { type IgnoreComment, type Suppressors, suppress, suppressionRule } from '../core/suppress.js';
import { findIgnoreComments } from '../documents/ignore-comments.js';
import { routeOf } from '../documents/route.js';

const nothing = { findings: [], suppressed: [], examples: [] } as const;

/** Node's crypto, which they are made with, takes long to load, and so does asking for it again. */
const loadFingerprints = once(() => import('../core/fingerprint.js'));

/** What was read for a lint: rules read on through the same project. */
export interface Reading {
  readonly project: Project;
  readonly sources: LintResult['sources'];
  /** Those that take findings out, of all that was read before the rules began; none where they are to take out nothing. */
  readonly comments: readonly IgnoreComment[];
}

/** What the rules say, without what comments, the configuration and the baseline take out. */
export async function judge(
  rules: readonly AnyRule[],
  subjects: SubjectGroups,
  { project, comments }: Reading,
  knownRules: readonly string[],
  options: LintOptions,
): Promise<Pick<LintResult, 'findings' | 'suppressed' | 'examples'>> {
  const { suppressions = true, overrides = [], inBaseline, scope = 'live' } = options;
  // Comments and a baseline are about hidden findings too; nobody else asks for them.
  const isBaselined = inBaseline !== undefined && suppressions;
  const isRun = isBaselined || comments.length > 0 ? runFilter(comments, options) : undefined;
  const found = isRun
    ? findInGroups(
        rules.filter(({ id }) => isRun(id)),
        subjects,
        project,
      )
    : findInGroups(rulesToRun(rules, options), subjects, project, options.persona ?? 'default');
  // Most configurations have nothing that is shown.
  if (found.length === 0 && comments.length === 0) return nothing;
  const isWanted = (finding: Finding) =>
    isChosen(finding.ruleId, options) && isShown(finding, options.persona);
  const toReported = async (findings: readonly Finding[]): Promise<readonly ReportedFinding[]> => {
    if (findings.length === 0) return [];
    const { fingerprintAll } = await loadFingerprints();
    const fingerprints = fingerprintAll(findings, routeOf, isBaselined ? undefined : isWanted);
    return findings.map((finding) => ({ ...finding, fingerprint: fingerprints.get(finding) ?? '', scope }));
  };
  const today = options.today ?? dayOf(new Date());
  const suppressors: Suppressors = suppressions
    ? { comments, overrides, inBaseline, today }
    : { comments, overrides: [], inBaseline: undefined, today };
  const ran = new Set(isRun && comments.length > 0 ? knownRules.filter(isRun) : []);
  const { findings, unused } = suppress(await toReported(found), suppressors, ran);
  const notes: readonly Subject[] = [{ on: 'suppression', value: { problems: unused } }];
  const isAsked = isChosen(suppressionRule, options);
  const problems = unused.length > 0 && isAsked ? await toReported(findAll(rules, notes, project)) : [];
  const all = [...findings, ...suppress(problems, { ...suppressors, comments: [] }, new Set()).findings];
  const wanted = all.filter(isWanted);
  // Other severities, and findings about comments, come in behind the order in which all was found.
  const shown = problems.length > 0 || suppressors.overrides.length > 0 ? sortFindings(wanted) : wanted;
  const counted = shown.filter(({ suppression }) => !suppression);
  const isExample = scope === 'example' && !options.allScopes;
  return {
    findings: isExample ? [] : counted,
    examples: isExample ? counted : [],
    suppressed: shown.filter(({ suppression }) => suppression),
  };
}

/** Whether a rule is run where comments or a baseline are. */
function runFilter(comments: readonly IgnoreComment[], options: LintOptions): (id: string) => boolean {
  // Whether a comment is still needed only its rule can say, also where only the comments are asked about.
  const named = new Set(comments.flatMap(({ ids }) => ids.map(({ id }) => id)));
  const isAsked = isChosen(suppressionRule, options);
  return (id) => isChosen(id, options) || (isAsked && named.has(id) && !options.skip?.includes(id));
}

// What a tree's thousands of configurations are asked is the same for all of them.
const shownByDefault = new WeakMap<readonly AnyRule[], readonly AnyRule[]>();

/** The rules that may find what is shown, where nobody asks what else they would find. */
function rulesToRun(rules: readonly AnyRule[], options: LintOptions): readonly AnyRule[] {
  const { only, skip, persona } = options;
  if (only?.length || skip?.length || persona === 'pedantic')
    return rules.filter((rule) => isChosen(rule.id, options) && mayShow(rule, persona));
  const known = shownByDefault.get(rules) ?? rules.filter((rule) => mayShow(rule));
  shownByDefault.set(rules, known);
  return known;
}

/** Whether anybody asks for what a default run does not show: the persona, a baseline, or a comment that may be about it. */
export function asksHidden(
  comments: readonly IgnoreComment[],
  { persona, suppressions = true, inBaseline }: LintOptions,
): boolean {
  return persona === 'pedantic' || comments.length > 0 || (suppressions && inBaseline !== undefined);
}

/** The comments of all files that were read. */
export function readIgnoreComments(sources: LintResult['sources']): readonly IgnoreComment[] {
  const comments: IgnoreComment[] = [];
  for (const file of sources.values()) for (const comment of findIgnoreComments(file)) comments.push(comment);
  return comments;
}

/** YYYY-MM-DD in UTC. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** A template shows by its open choices. */
export function scopeOf(
  files: readonly string[],
  sources: LintResult['sources'],
  scope: Scope = 'live',
): Scope {
  const isTemplate = files.some((path) => sources.get(path)?.text.includes('${templateOption:'));
  return isTemplate && scope !== 'example' ? 'template' : scope;
}
