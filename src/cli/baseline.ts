import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import type { ReportedFinding } from '../core/lint.js';

/** Grows by one when a field changes its meaning. */
const version = 1;

interface Entry {
  readonly rule: string;
  readonly file: string;
  readonly fingerprint: string;
}

/** The findings that were there when it was written, by their evidence: no line and no message is compared. */
export interface Baseline {
  readonly has: (finding: ReportedFinding) => boolean;
  /** Entries that nothing was found for. */
  unusedCount(): number;
}

/** @throws UserError where the file cannot be read or is no baseline. */
export function readBaseline(cwd: string, path: string): Baseline {
  const entries = readEntries(readText(cwd, path), path);
  const open = new Set(entries.map(({ fingerprint }) => fingerprint));
  const unused = new Set(open);
  return {
    has({ fingerprint }) {
      unused.delete(fingerprint);
      return open.has(fingerprint);
    },
    unusedCount: () => unused.size,
  };
}

function readText(cwd: string, path: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`the baseline cannot be read: ${reason}; --update-baseline writes one`, { cause });
  }
}

function readEntries(text: string, path: string): readonly Entry[] {
  try {
    const value = JSON.parse(text) as { version?: unknown; findings?: unknown };
    const isEntry = (entry: Partial<Entry> | null) =>
      typeof entry?.fingerprint === 'string' &&
      typeof entry.rule === 'string' &&
      typeof entry.file === 'string';
    if (value.version === version && Array.isArray(value.findings) && value.findings.every(isEntry))
      return value.findings as Entry[];
  } catch {
    // What is no JSON is no baseline either.
  }
  throw new UserError(
    `${path} is no baseline of version ${version}; --update-baseline writes a new one elsewhere`,
  );
}

/**
 * Refuses to write a baseline over a file that is none: its name may be mistyped.
 *
 * @throws UserError where something else stands there.
 */
export function checkBaselineTarget(cwd: string, path: string): void {
  const text = existsSync(resolve(cwd, path)) ? readText(cwd, path) : '';
  if (text !== '') readEntries(text, path);
}

/** Writes what was found, sorted, so that a change of it reads well. @throws UserError where it cannot be written. */
export function writeBaseline(cwd: string, path: string, findings: readonly Entry[]): void {
  const key = ({ file, rule, fingerprint }: Entry) => `${file} ${rule} ${fingerprint}`;
  const sorted = [...findings].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const text = JSON.stringify({ version, findings: sorted }, undefined, 2);
  try {
    writeFileSync(resolve(cwd, path), `${text}\n`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`the baseline cannot be written: ${reason}`, { cause });
  }
}

/** What the baseline keeps of a finding. */
export function toEntry({ ruleId, place, fingerprint }: ReportedFinding): Entry {
  return { rule: ruleId, file: place.file.path, fingerprint };
}
