import { hash } from 'node:crypto';
import type { Finding } from './rule.js';
import { type Place, textOf } from './text.js';

/**
 * What makes a finding the same one on another day: its rule, its file, the way to it through the file's structure and
 * the reported text without its spacing; never a line, never the message. Where all of these are equal, they are
 * counted in the order of the file.
 *
 * @param routeOf The names that lead to a place (`services.app.volumes[]`), '' where a file has no structure.
 * @param isWanted Whose fingerprint is asked for.
 */
export function fingerprintAll<T extends Finding>(
  findings: readonly T[],
  routeOf: (place: Place) => string,
  isWanted: (finding: T) => boolean = () => true,
): ReadonlyMap<T, string> {
  // Findings of one rule are told apart by all of them, so that nobody's depends on who is asked for.
  const rules = new Set(findings.filter(isWanted).map(({ ruleId }) => ruleId));
  const inOrder = findings
    .filter(({ ruleId }) => rules.has(ruleId))
    .sort((a, b) => a.place.at.start - b.place.at.start);
  const counts = new Map<string, number>();
  const fingerprints = new Map<T, string>();
  for (const finding of inOrder) {
    const { ruleId, place } = finding;
    const evidence = textOf(place).replace(/\s+/g, '');
    const key = JSON.stringify([ruleId, place.file.path, routeOf(place), evidence]);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    if (isWanted(finding)) fingerprints.set(finding, hash('sha256', `${key}#${count}`).slice(0, 32));
  }
  return fingerprints;
}
