import { spanMapper } from './edit.js';
import type { Edit, Finding } from './rule.js';
import { type Span, textOf } from './text.js';

/**
 * Which finding after a change is which finding before it: by its place carried through the edits, then by rule
 * and marked text, at last by rule alone where the place was taken out: what is wrong then shows elsewhere. Never by
 * line, since a removed line moves everything below it.
 *
 * @returns Each finding of `after` that was there before, with the one it was; whoever is missing is new.
 */
export function matchFindings(
  before: readonly Finding[],
  after: readonly Finding[],
  edits: ReadonlyMap<string, readonly Edit[]>,
): Map<Finding, Finding> {
  const matches = new Map<Finding, Finding>();
  const mappers = new Map([...edits].map(([path, own]) => [path, spanMapper(own)]));
  const movedKey = (finding: Finding) => {
    const { file, at } = finding.place;
    return placeKey(finding, mappers.get(file.path)?.(at) ?? at);
  };
  pair(before, after, matches, movedKey, (finding) => placeKey(finding, finding.place.at));
  const taken = new Set(matches.values());
  const left = before.filter((finding) => !taken.has(finding));
  const unknown = after.filter((finding) => !matches.has(finding));
  pair(left, unknown, matches, evidenceKey, evidenceKey);
  const found = new Set(matches.values());
  const isTakenOut = ({ place: { file, at } }: Finding) => {
    const { start, end } = mappers.get(file.path)?.(at) ?? at;
    return at.end > at.start && start === end;
  };
  const homeless = left.filter((finding) => !found.has(finding) && isTakenOut(finding));
  const stray = unknown.filter((finding) => !matches.has(finding) && !isOfAnother(finding, homeless, edits));
  pair(homeless, stray, matches, ruleKey, ruleKey);
  return matches;
}

/** Whether it stands in a text that took the place of something else than what was taken out: that is where it came from. */
function isOfAnother(
  { place: { file, at } }: Finding,
  homeless: readonly Finding[],
  edits: ReadonlyMap<string, readonly Edit[]>,
): boolean {
  let shift = 0;
  for (const edit of [...(edits.get(file.path) ?? [])].sort((a, b) => a.at.start - b.at.start)) {
    const start = edit.at.start + shift;
    shift += edit.text.length - (edit.at.end - edit.at.start);
    if (edit.at.end === edit.at.start || at.start < start || at.end > start + edit.text.length) continue;
    return !homeless.some(
      ({ place }) =>
        place.file.path === file.path && edit.at.start <= place.at.start && place.at.end <= edit.at.end,
    );
  }
  return false;
}

function pair(
  before: readonly Finding[],
  after: readonly Finding[],
  matches: Map<Finding, Finding>,
  keyBefore: (finding: Finding) => string,
  keyAfter: (finding: Finding) => string,
): void {
  const open = new Map<string, Finding[]>();
  for (const finding of before) {
    const key = keyBefore(finding);
    const same = open.get(key);
    if (same) same.push(finding);
    else open.set(key, [finding]);
  }
  for (const finding of after) {
    const earlier = open.get(keyAfter(finding))?.shift();
    if (earlier) matches.set(finding, earlier);
  }
}

function placeKey({ ruleId, place }: Finding, { start, end }: Span): string {
  return JSON.stringify([ruleId, place.file.path, start, end]);
}

function ruleKey({ ruleId, severity, persona }: Finding): string {
  return JSON.stringify([ruleId, severity, persona]);
}

function evidenceKey({ ruleId, place }: Finding): string {
  return JSON.stringify([ruleId, place.file.path, textOf(place)]);
}
