import { applyEdits, editsByFile, newBatch, spanMapper } from './edit.js';
import { compareSeverity, sortFindings } from './lint.js';
import { matchFindings } from './match.js';
import type { Edit, Finding, Fix } from './rule.js';
import { suppressionRule } from './suppress.js';

/** The findings of a project, and the texts that differ from what was read at first. */
export interface FixState {
  readonly findings: readonly Finding[];
  readonly texts: ReadonlyMap<string, string>;
}

/** A finding as it was at the start, with the alternative that was taken. */
export interface ChosenFix {
  readonly finding: Finding;
  readonly fix: Fix;
}

/**
 * A fix that proved wrong and was taken back: a bug of the rule, never of the user's files. Only a `withheld` one is no
 * bug: by it a finding of another rule would have come up.
 */
export interface RolledBackFix extends ChosenFix {
  readonly reason: 'bad-edits' | 'unreadable' | 'new-finding' | 'still-there' | 'withheld';
  /** What went wrong, for the report: the new finding's message, or the error. */
  readonly detail: string;
}

export interface FixResult extends FixState {
  readonly applied: readonly ChosenFix[];
  /**
   * Findings of the start that are gone, also those that went with another one's fix. An applied fix whose finding is
   * not among them made it less severe.
   */
  readonly fixed: readonly Finding[];
  readonly rolledBack: readonly RolledBackFix[];
  /** Each finding that is left, with the one it was at the start. */
  readonly origins: ReadonlyMap<Finding, Finding>;
  readonly passes: number;
}

export interface FixTools {
  /** The text of a file at the start; undefined where it cannot be read. */
  read(path: string): string | undefined;
  /** The findings of the whole project with these texts in place of the files'. */
  relint(texts: ReadonlyMap<string, string>): Promise<readonly Finding[]>;
  /** The alternative to apply, if any; `origin` is the same finding as it was at the start. */
  choose(finding: Finding, origin: Finding): Fix | undefined;
}

/** A project where fixes still uncover each other after this many rounds is not going to settle. */
export const maxPasses = 10;

/** What a rule says about a file that does not parse. */
const unreadableRule = 'no-unreadable-file';

/**
 * Applies the chosen fixes and proves each: the project is linted again after every pass, and a fix that breaks a
 * file, raises a finding or leaves its own is taken back alone. A less severe finding at the same place is what the
 * fix promised (a mount that becomes read-only), not a new one. Fixes that conflict wait for the next pass, the worst
 * finding's goes first. Pure but for the tools; nothing is written.
 */
export async function applyFixes(start: FixState, tools: FixTools): Promise<FixResult> {
  const applied: ChosenFix[] = [];
  const fixed: Finding[] = [];
  const rolledBack: RolledBackFix[] = [];
  const settled = new Set<Finding>();
  let origins = new Map(start.findings.map((finding) => [finding, finding]));
  let state: FixState = start;
  let passes = 0;
  for (; passes < maxPasses; passes++) {
    const known = origins;
    const originOf = (finding: Finding) => known.get(finding) ?? finding;
    const batch = selectFixes(state.findings, (finding) => {
      const origin = originOf(finding);
      return settled.has(origin) ? undefined : tools.choose(finding, origin);
    });
    if (batch.length === 0) break;
    const pass = await runPass(state, batch, tools);
    // Whatever came of it, a finding gets one fix: what a lesser one needs was not asked about.
    for (const item of batch) settled.add(originOf(item.finding));
    const left = new Set(pass.origins.values());
    const gone = state.findings.filter((finding) => !left.has(finding));
    for (const finding of gone) fixed.push(originOf(finding));
    for (const item of pass.applied) applied.push({ ...item, finding: originOf(item.finding) });
    for (const item of pass.rolledBack) rolledBack.push({ ...item, finding: originOf(item.finding) });
    origins = new Map([...pass.origins].map(([now, before]) => [now, originOf(before)]));
    state = { findings: pass.findings, texts: pass.texts };
  }
  return { ...state, applied, fixed, rolledBack, origins, passes };
}

/** The chosen fixes that can be applied together: worst finding first, then by place; who conflicts waits. */
export function selectFixes(
  findings: readonly Finding[],
  choose: (finding: Finding) => Fix | undefined,
): readonly ChosenFix[] {
  const batch = newBatch();
  return sortFindings(findings).flatMap((finding) => {
    const fix = choose(finding);
    return fix && batch.add(fix) ? [{ finding, fix }] : [];
  });
}

type Pass = Omit<FixResult, 'fixed' | 'passes'>;

/** One pass. All together first; where that goes wrong, half by half, to find the culprits. */
async function runPass(state: FixState, batch: readonly ChosenFix[], tools: FixTools): Promise<Pass> {
  let good: Attempt = { ...state, origins: new Map(state.findings.map((finding) => [finding, finding])) };
  let applied: readonly ChosenFix[] = [];
  const rolledBack: RolledBackFix[] = [];
  const open = [batch];
  for (let items = open.pop(); items; items = open.pop()) {
    const all = [...applied, ...items];
    const tried = await attempt(state, all, tools);
    const [item] = items;
    if (!('reason' in tried)) {
      good = tried;
      applied = all;
    } else if (item && items.length === 1)
      rolledBack.push({
        ...item,
        ...tried,
        ...(tried.reason === 'new-finding' && item.fix.enables && { reason: 'withheld' }),
      });
    else {
      const middle = items.length >> 1;
      open.push(items.slice(middle), items.slice(0, middle));
    }
  }
  return { ...good, applied, rolledBack };
}

type Attempt = Pick<FixResult, 'findings' | 'texts' | 'origins'>;
type Failure = Pick<RolledBackFix, 'reason' | 'detail'>;

async function attempt(
  state: FixState,
  batch: readonly ChosenFix[],
  tools: FixTools,
): Promise<Attempt | Failure> {
  const edits = editsByFile(batch.flatMap(({ fix }) => fix.edits));
  const texts = new Map(state.texts);
  for (const [path, changes] of edits) {
    const text = state.texts.get(path) ?? tools.read(path);
    if (text === undefined) return { reason: 'bad-edits', detail: `${path} cannot be read` };
    try {
      texts.set(path, applyEdits(text, changes));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { reason: 'bad-edits', detail: error.message };
    }
  }
  const findings = await tools.relint(texts);
  const origins = matchFindings(state.findings, findings, edits);
  return findFault(batch, findings, origins, edits) ?? { findings, texts, origins };
}

function findFault(
  batch: readonly ChosenFix[],
  findings: readonly Finding[],
  origins: ReadonlyMap<Finding, Finding>,
  edits: ReadonlyMap<string, readonly Edit[]>,
): Failure | undefined {
  const raised = findings.filter((finding) => !origins.has(finding));
  const broken = raised.find((finding) => finding.ruleId === unreadableRule);
  if (broken) return { reason: 'unreadable', detail: broken.message };
  const own = new Set(batch.map(({ finding }) => finding));
  const left = findings.find((finding) => isAsSevere(finding, origins.get(finding), own));
  if (left) return { reason: 'still-there', detail: left.message };
  const before = movedFindings(batch, edits);
  // A comment that the fix has left without its finding is the next thing to mend, not the fix's fault.
  const first = raised.find(
    (finding) =>
      finding.ruleId !== suppressionRule &&
      !before.some((moved) => isRestOf(finding, moved)) &&
      !isInserted(finding, batch, edits),
  );
  return first && { reason: 'new-finding', detail: `${first.ruleId}: ${first.message}` };
}

function isAsSevere(finding: Finding, before: Finding | undefined, own: ReadonlySet<Finding>): boolean {
  return before !== undefined && own.has(before) && compareSeverity(finding.severity, before.severity) <= 0;
}

type Weight = Pick<Finding, 'place' | 'severity' | 'persona'>;

/** The findings of a batch, with the places that they have after its edits. */
function movedFindings(
  batch: readonly ChosenFix[],
  edits: ReadonlyMap<string, readonly Edit[]>,
): readonly Weight[] {
  const mappers = new Map([...edits].map(([path, own]) => [path, spanMapper(own)]));
  return batch.map(({ finding: { place, severity, persona } }) => {
    const at = mappers.get(place.file.path)?.(place.at) ?? place.at;
    return { severity, persona, place: { file: place.file, at } };
  });
}

/** Whether a new finding is in what a fix has written in the place of something worse: the lesser evil that it offers. */
function isInserted(
  finding: Finding,
  batch: readonly ChosenFix[],
  edits: ReadonlyMap<string, readonly Edit[]>,
): boolean {
  const { file, at } = finding.place;
  const map = spanMapper(edits.get(file.path) ?? []);
  return batch.some(
    ({ finding: own, fix }) =>
      isLess(finding, own) &&
      fix.edits.some((edit) => {
        if (edit.file !== file.path || edit.text === '') return false;
        // What is behind an insertion stands behind its text afterwards.
        const { end } = map({ start: edit.at.end, end: edit.at.end });
        const start = edit.at.start === edit.at.end ? end - edit.text.length : map(edit.at).start;
        return start <= at.start && at.end <= Math.max(end, start + edit.text.length);
      }),
  );
}

/** Whether a new finding is what remains of another one: less severe or only for the pedantic, and inside the place that it had. */
function isRestOf(finding: Finding, { place, severity, persona }: Weight): boolean {
  const { file, at } = finding.place;
  if (file.path !== place.file.path || !isLess(finding, { severity, persona })) return false;
  return place.at.start <= at.start && at.end <= place.at.end;
}

function isLess(a: Pick<Weight, 'severity' | 'persona'>, b: Pick<Weight, 'severity' | 'persona'>): boolean {
  const order = compareSeverity(a.severity, b.severity);
  return order > 0 || (order === 0 && a.persona === 'pedantic' && b.persona !== 'pedantic');
}
