import { describe, expect, it } from 'vitest';
import { loadPresets, planInit } from '../../../src/init.js';
import { readmePath } from '../../../src/scaffold/readme.js';

async function readme(more: object): Promise<string> {
  await loadPresets();
  const text = JSON.stringify({ version: 1, name: 'x', ...more });
  const { emissions } = await planInit({ policy: { path: '.devcontainer/harden-devcontainer.jsonc', text } });
  return emissions.find(({ path }) => path === readmePath)?.text ?? '';
}

describe('the README of the container', () => {
  it('lists what is let out, with why, and takes no Markdown from the policy', async () => {
    const allow = [{ host: 'a.test', ports: [8443], reason: 'for <b>us</b> | [x](http://evil.test)' }];
    const text = await readme({ allow });
    expect(text).toContain('| `a.test` | 8443 | for \\<b\\>us\\</b\\> \\| \\[x\\](http://evil.test) |');
    expect(text).toContain('Every other name, address and port is refused.');
    expect(text).toContain('All of this holds on Docker Engine on Linux');
  });

  it('stays short for many hosts', async () => {
    const allow = Array.from({ length: 500 }, (_, index) => `h${index}.test`);
    expect((await readme({ allow })).split('\n').length).toBeLessThan(120);
  });

  it('says loudly what is open', async () => {
    expect(await readme({ mode: 'observe' })).toContain('every name and port is let out');
    expect(await readme({ targets: ['envbuilder'], acceptedLosses: ['firewall'] })).toContain(
      '**not there: every host is open**',
    );
  });
});
