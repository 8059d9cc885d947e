import { createHash } from 'node:crypto';

/** One tool call as the container's collector wrote it down. Every text is the agent's: escape it before it is shown. */
export interface AuditRecord {
  readonly sequence: number;
  /** ISO 8601. */
  readonly time: string;
  readonly agent: string;
  readonly tool: string;
  /** The command, path or address; at most 4000 characters of it. */
  readonly target: string;
  /** JSON, or `sha256:…` of it where the policy says so or it is long. */
  readonly arguments: string;
  /** `allowed`, `asked` (in the agent's own prompt), `held` for approval, `approved`, `refused`. */
  readonly verdict: string;
  readonly reason: string;
  /** What a person has to approve: `push`, `publish`, `deploy`, `migrate`; empty where nothing. */
  readonly category: string;
  /** Of a push: the protected branches, `*` where they cannot be told. */
  readonly branches: string;
  /** SHA-256 that names what was asked for; empty where nothing was. */
  readonly request: string;
}

const texts = [
  ...([
    'time',
    'agent',
    'tool',
    'target',
    'arguments',
    'verdict',
    'reason',
    'category',
    'branches',
    'request',
  ] as const),
];

/** Undefined where the line is no record. */
export function readRecord(line: string): AuditRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as AuditRecord;
  const isWhole =
    Number.isSafeInteger(record.sequence) && texts.every((key) => typeof record[key] === 'string');
  return isWhole ? record : undefined;
}

export function isBlocked({ verdict }: AuditRecord): boolean {
  return verdict === 'refused' || verdict === 'held';
}

/**
 * The name of a request: what a person approves is what stands in the record, so it is worked out from that again and never
 * taken as the record gives it.
 */
export function requestOf({ category, branches, target }: AuditRecord): string {
  return createHash('sha256')
    .update(`${category}\n${category === 'push' ? branches : target}`)
    .digest('hex');
}

/** Longer ago nobody waits any more. */
const waitingTime = 24 * 3600 * 1000;

/** What was held and not approved since, the latest of each, newest first. `now` in milliseconds. */
export function waitingRequests(records: readonly AuditRecord[], now: number): readonly AuditRecord[] {
  const waiting = new Map<string, AuditRecord>();
  for (const record of records) {
    if (record.category === '') continue;
    const request = requestOf(record);
    if (record.request !== request) continue;
    waiting.delete(request);
    if (record.verdict === 'held' && now - Date.parse(record.time) < waitingTime)
      waiting.set(request, record);
  }
  return [...waiting.values()].reverse();
}
