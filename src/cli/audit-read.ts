import { type AuditRecord, readRecord } from '../audit/records.js';
import { UserError } from '../core/errors.js';
import { type ChainResult, verifyChain } from '../mcp/audit.js';
import type { FoundContainer } from './egress-container.js';

export const auditFolder = '/var/log/harden-audit';

export interface AuditLog {
  readonly lines: readonly string[];
  /** Lines that are no record are left out here; the chain tells. */
  readonly records: readonly AuditRecord[];
  readonly chain: ChainResult;
}

/** Tries, since a record may come in between the log and the file with its last hash. */
const mostTries = 3;

/** The audit log of a container, running or not. @throws UserError where it has none. */
export async function readAuditLog(found: FoundContainer): Promise<AuditLog> {
  let log = await readOnce(found);
  for (
    let tries = 1;
    tries < mostTries && 'problem' in log.chain && found.container.status === 'running';
    tries += 1
  )
    log = await readOnce(found);
  return log;
}

async function readOnce(found: FoundContainer): Promise<AuditLog> {
  const files = await readFiles(found);
  const text = files.get('audit.jsonl') ?? '';
  const lines = text.split('\n').filter((line) => line !== '');
  const [head] = (files.get('head') ?? '').split(' ');
  const [start] = (files.get('start') ?? '').split(' ');
  const chain = await verifyChain(lines, head === '' ? undefined : head, start || undefined);
  const records = lines.flatMap((line) => readRecord(line) ?? []);
  if (lines.length === 0 || head !== '' || 'problem' in chain) return { lines, records, chain };
  const problem = 'the hash of its last line is gone: lines may have been cut off';
  return { lines, records, chain: { lines: lines.length, problem } };
}

/** By name, of the folder itself. */
async function readFiles({ engine, container }: FoundContainer): Promise<ReadonlyMap<string, string>> {
  const pieces = new Map<string, Uint8Array[]>();
  try {
    for await (const { path, bytes } of engine.read(container.id, auditFolder)) {
      const [, name = '', ...below] = path.split('/');
      if (below.length > 0) continue;
      const known = pieces.get(name) ?? [];
      pieces.set(name, known);
      known.push(bytes);
    }
  } catch (error) {
    if (!(error instanceof UserError) || !/could not (?:be )?f(?:ind|ound)|no such file/i.test(error.message))
      throw error;
    throw new UserError(
      `the container ${container.name} has no audit log: it was not made by harden-devcontainer, or not built again since`,
      { cause: error },
    );
  }
  return new Map([...pieces].map(([name, parts]) => [name, Buffer.concat(parts).toString('utf8')]));
}
