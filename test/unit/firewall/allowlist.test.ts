import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const program = join(import.meta.dirname, '../../../templates/.devcontainer/allowlist.awk');
const folder = mkdtempSync(join(tmpdir(), 'harden-awk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string, { servers = '192.0.2.53', ipv6 = 'yes' } = {}) {
  const list = join(folder, 'allowlist');
  writeFileSync(list, text);
  const words = [
    '-f',
    program,
    '-v',
    `out=${folder}`,
    '-v',
    `servers=${servers}`,
    '-v',
    `ipv6=${ipv6}`,
    list,
  ];
  const { status, stderr } = spawnSync('awk', words, { encoding: 'utf8' });
  const lines = (name: string): string[] =>
    readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean);
  return { status, stderr, lines };
}

describe('allowlist.awk', () => {
  it('gives the proxy the names of 443 and 80', () => {
    const { status, lines } = read('a.test # why\r\n.b.test\n\nc.test:443\nd.test:80\ne.test:22\n');
    expect(status).toBe(0);
    expect(lines('names-443')).toEqual(['a.test', 'b.test', 'c.test']);
    expect(lines('names-80')).toEqual(['a.test', 'b.test', 'd.test']);
    expect(lines('suffixes-443')).toEqual(['.b.test']);
    expect(lines('opened')).toEqual(['set 4 22 harden4-22', 'set 6 22 harden6-22']);
    expect(lines('count')).toEqual(['5']);
  });

  it('has names forwarded to every server, and what is below an exact name answered here', () => {
    const { lines } = read('a.test\n.b.test\nc.b.test\n', { servers: '192.0.2.53 2001:db8::53' });
    expect(lines('resolver')).toEqual([
      'server=/a.test/192.0.2.53',
      'server=/a.test/2001:db8::53',
      'local=/*.a.test/',
      'server=/b.test/192.0.2.53',
      'server=/b.test/2001:db8::53',
      'server=/c.b.test/192.0.2.53',
      'server=/c.b.test/2001:db8::53',
    ]);
  });

  it('opens a private name by a set of its own, 443 for the proxy as well', () => {
    const { lines } = read('db.corp.test:5432 private # data\nnpm.corp.test:443 private # packages\n', {
      ipv6: 'no',
    });
    expect(lines('opened')).toEqual(['set 4 5432 harden4p-5432', 'set 4 443 harden4p-443']);
    expect(lines('names-443')).toEqual(['npm.corp.test']);
    expect(lines('resolver')).toContain('rebind-domain-ok=/db.corp.test/');
    expect(lines('resolver')).toContain('ipset=/db.corp.test/harden4p-5432');
  });

  it('opens a range only with a reason', () => {
    const { status, lines } = read('198.51.100.0/24:8443 # the build farm\n2001:db8::/48:22 # likewise\n');
    expect(status).toBe(0);
    expect(lines('opened')).toEqual(['range 4 8443 198.51.100.0/24', 'range 6 22 2001:db8::/48']);
  });

  it.each([
    'one',
    '$(id).test',
    '`id`.test',
    'a.test;id',
    'a.test,b.test',
    'a.test/evil',
    'A.test',
    'a..test',
    'a.test.',
    '-a.test',
    'a-.test',
    '*.test',
    `${'a'.repeat(64)}.test`,
    `${'a.'.repeat(130)}test`,
    '192.0.2.1',
    '192.0.2.1:443',
    'a.test:0',
    'a.test:65536',
    'a.test:x',
    'a.test:',
    'a.test:1:2',
    'a.test b.test',
    'a.test private',
    '.a.test:22 private',
    '0.0.0.0/0:443 # all',
    '0.0.0.0/1:443 # half',
    '::/0:443 # all',
    '198.51.100.0/24:443',
    '198.51.100.0/24 # no port',
    '300.1.1.1/32:1 # x',
    'b\u00fccher.test',
    '\u001b[2J.test',
    'a.test\u0000b',
  ])('stops at %j and says which line', (line) => {
    const { status, stderr } = read(`ok.test\n${line}\n`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^init-firewall: allowlist line 2: '/);
    expect(stderr).toMatch(/^[ -~\n]*$/);
  });
});
