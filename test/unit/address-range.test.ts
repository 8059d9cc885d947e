import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRange, refused4, refused6, refusedRange } from '../../src/core/address-range.js';

const hitOf = (text: string) => {
  const range = parseRange(text);
  if (!range) throw new Error(`${text} is no range`);
  return refusedRange(range);
};

const script = readFileSync(
  join(import.meta.dirname, '../../templates/.devcontainer/init-firewall.sh'),
  'utf8',
);

describe('address ranges', () => {
  it.each([
    ['never4', refused4],
    ['never6', refused6],
  ])('are refused where the firewall refuses them (%s)', (name, list) => {
    expect(new RegExp(`^${name}='(.*)'$`, 'm').exec(script)?.[1]?.split(' ')).toEqual(list);
    for (const range of list) expect(hitOf(range)).toBeDefined();
  });

  it.each(['198.51.100.7/32', '8.8.0.0/16', '2606:4700::/32', '2a00:1450:4001::1/128'])(
    'are taken where they are public: %s',
    (range) => {
      expect(hitOf(range)).toBeUndefined();
    },
  );
});
