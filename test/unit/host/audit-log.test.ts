import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAuditLog, verifyAuditLog } from '../../../src/host/audit-log.js';
import type { Places } from '../../../src/host/places.js';

let folder: string;
let places: Places;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'harden-devcontainer-audit-'));
  const names = [
    'project',
    'closed',
    'sockets',
    'state',
    'control',
    'audit',
    'head',
    'approvals',
    'children',
  ];
  places = Object.fromEntries(
    [...names, 'log'].map((name) => [name, join(folder, name)]),
  ) as unknown as Places;
});
afterEach(() => rmSync(folder, { recursive: true }));

const call = {
  time: '2026-01-01T00:00:00Z',
  server: 'tracker',
  session: 'a',
  method: 'tools/call',
  target: 'search',
  arguments: 'sha256:0',
  verdict: 'allowed',
  milliseconds: 1,
  bytesIn: 1,
  bytesOut: 1,
} as const;

/** Writes calls as one run of the host side does; what it says, and whether it can go on. */
function write(calls: number) {
  const notes: string[] = [];
  const log = openAuditLog(places, (text) => notes.push(text));
  for (let index = 0; index < calls; index += 1) log.record(call);
  return { notes, isOpen: log.isOpen() };
}

const linesOf = () => readFileSync(places.audit, 'utf8').split('\n').slice(0, -1);

describe('the audit log', () => {
  test('goes on over several runs', async () => {
    for (const calls of [2, 0, 1]) expect(write(calls)).toEqual({ notes: [], isOpen: true });
    expect(await verifyAuditLog(places)).toMatchObject({ lines: 3, head: expect.any(String) });
  });

  test('is whole before the first start', async () => {
    expect(await verifyAuditLog(places)).toMatchObject({ lines: 0, head: expect.any(String) });
  });

  test.each([
    ['its last line is cut off', () => writeFileSync(places.audit, `${linesOf().slice(0, -1).join('\n')}\n`)],
    ['it is emptied', () => writeFileSync(places.audit, '')],
    ['it is gone', () => rmSync(places.audit)],
    ['the hash of its last line is gone', () => rmSync(places.head)],
  ])('shows that %s, and no start afterwards hides it', async (_, damage) => {
    write(3);
    damage();
    expect(await verifyAuditLog(places)).toHaveProperty('problem');
    const { notes, isOpen } = write(1);
    expect(isOpen).toBe(false);
    expect(notes.join()).toContain(`move ${places.audit} and ${places.head} away`);
    expect(await verifyAuditLog(places)).toHaveProperty('problem');
  });

  test('goes on where it was killed between a line and its hash', async () => {
    write(1);
    const before = readFileSync(places.head);
    write(1);
    writeFileSync(places.head, before);
    expect(write(1)).toEqual({ notes: [], isOpen: true });
    expect(await verifyAuditLog(places)).toMatchObject({ lines: 3, head: expect.any(String) });
  });
});
