import { expect, test } from 'vitest';
import { parsePolicy } from '../../../src/policy/parse.js';
import { renderMcpDocument } from '../../../src/scaffold/mcp-document.js';

const render = (...mcp: object[]) =>
  renderMcpDocument(parsePolicy({ path: 'p', text: JSON.stringify({ version: 1, name: 'shop', mcp }) }));

test('says of each server what it may do, on whose authority, what it reaches and when it was reviewed', () => {
  const text = render(
    {
      name: 'tracker',
      command: ['tracker-mcp', '--project', 'WEB'],
      environment: { TOKEN: { command: ['op', 'read', 'op://x'] } },
      tools: ['get_*', { tool: 'create_issue', access: 'write', reason: 'files what it finds' }],
      purpose: 'issues',
      reaches: 'project WEB',
      owner: 'platform team',
      reviewed: '2026-11-02',
    },
    { name: 'raw', port: 8123 },
  );
  expect(text).toContain(
    '| tracker | issues | project WEB | platform team | 2026-11-02 | after half a year |',
  );
  expect(text).toContain('| `create_issue` | **write** | files what it finds |');
  expect(text).toContain('`TOKEN` from what `op` prints');
  expect(text).toContain('- raw: port 8123 of the host, without the gate');
});

test('shows what is missing, and takes text of the policy for text', () => {
  const text = render({
    name: 'a',
    url: 'https://a.example/mcp',
    purpose: 'x | y <b> [z](http://evil.example)',
  });
  expect(text).toContain('**not written down**');
  expect(text).toContain('x \\| y \\<b\\> \\[z\\](http://evil.example)');
  expect(text).toContain('No tool may be called.');
});
