import { expect, test } from 'vitest';
import type { HostPath } from '../../../src/container/host-path.js';
import { pathTable } from '../../../src/container/path-pattern.js';

const table = pathTable(() =>
  ['~/.ssh', '~/.ssh/id_*', '~/*.kdbx', '~/Library/Keychains', '/run/docker.sock', '/*/secret', '/'].map(
    (text) => [text, text] as const,
  ),
);

function find(base: HostPath['base'], path: string, ignoreCase = false) {
  const segments = path.split('/').filter(Boolean);
  const host = { base, segments, ignoreCase, up: 0, live: true, variable: undefined };
  const found = table.find(host);
  return found && `${found.relation} ${found.row}`;
}

test.each([
  ['home', '.ssh', 'same ~/.ssh'],
  ['home', '.ssh/id_rsa', 'same ~/.ssh/id_*'],
  ['home', '.ssh/config', 'below ~/.ssh'],
  ['home', '.sshd', undefined],
  ['home', 'all.kdbx', 'same ~/*.kdbx'],
  ['home', 'library/keychains', undefined],
  ['home', '', undefined],
  ['root', 'run/docker.sock', 'same /run/docker.sock'],
  ['root', 'run/secret', 'same /*/secret'],
  ['root', 'run', 'below /'],
  ['root', '', 'same /'],
  ['runtime', 'run/docker.sock', undefined],
] as const)('%s and %s', (base, path, expected) => expect(find(base, path)).toBe(expected));

test('names differ in their case only where the host tells them apart', () => {
  expect(find('home', 'LIBRARY/keychains', true)).toBe('same ~/Library/Keychains');
});
