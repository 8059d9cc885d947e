import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.js';
import { formatPins, pinsPath, readPins } from '../../../src/host/tool-pins.js';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'harden-devcontainer-pins-'));
});
afterEach(() => rmSync(project, { recursive: true }));

function writePins(text: string): void {
  mkdirSync(dirname(join(project, pinsPath)));
  writeFileSync(join(project, pinsPath), text);
}

describe('what was reviewed', () => {
  test('is nothing where there is no file yet', () => {
    expect(readPins(project)).toEqual({});
  });

  test('is read as it was written', () => {
    const pins = { tracker: { search: `sha256:${'0'.repeat(64)}` } };
    writePins(formatPins(pins));
    expect(readPins(project)).toEqual(pins);
  });

  test.each(['', '{}', '{"servers":{"tracker":{"search":"sha256:0"}}}'])('is not guessed from %j', (text) => {
    writePins(text);
    expect(() => readPins(project)).toThrow(UserError);
  });

  test('is not nothing where it cannot be read', () => {
    mkdirSync(join(project, pinsPath), { recursive: true });
    expect(() => readPins(project)).toThrow(/mcp-tools\.json cannot be read/);
  });
});
