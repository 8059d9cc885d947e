import { createHash } from 'node:crypto';
import type { Finding } from './rule.js';
import { type Place, textOf } from './text.js';

/**
 * What makes a finding the same one on another day: its rule, its file, the way to it through the file's structure and
 * the reported text without its spacing; never a line, never the message. Where all of these are equal, they are
 * counted in the order of the file.
 *
 * @param routeOf The names that lead to a place (`services.app.volumes[]`), '' where a file has no structure.
 * @param pathOf What a file is called in the fingerprint: its path, where nothing else is said.
 */
export function fingerprintAll<T extends Finding>(
  findings: readonly T[],
  routeOf: (place: Place) => string,
  pathOf: (path: string) => string = (path) => path,
): ReadonlyMap<T, string> {
  const counts = new Map<string, number>();
  const inOrder = findings.toSorted((a, b) => a.place.at.start - b.place.at.start);
  return new Map(
    inOrder.map((finding) => {
      const { ruleId, place } = finding;
      const evidence = textOf(place).replace(/\s+/g, '');
      const key = JSON.stringify([ruleId, pathOf(place.file.path), routeOf(place), evidence]);
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      return [finding, createHash('sha256').update(`${key}#${count}`).digest('hex').slice(0, 32)];
    }),
  );
}
