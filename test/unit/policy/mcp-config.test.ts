import { describe, expect, it } from 'vitest';
import { mergeMcpConfig } from '../../../src/policy/mcp-config.js';

const path = '.mcp.json';
const tracker = { name: 'tracker', port: 8123, path: '/mcp' };
const merge = (text: string, forwards = [tracker]) => mergeMcpConfig({ path, text }, forwards);

describe('mergeMcpConfig', () => {
  it('writes a new file', () => {
    expect(JSON.parse(mergeMcpConfig(undefined, [tracker]).text)).toEqual({
      mcpServers: { tracker: { type: 'http', url: 'http://127.0.0.1:8123/mcp' } },
    });
  });

  it('adds a server and keeps comments and the other servers', () => {
    const text = `{
  // our servers
  "mcpServers": {
    "docs": { "command": "docs" } // local
  }
}
`;
    expect(merge(text)).toEqual({
      replaced: [],
      text: `{
  // our servers
  "mcpServers": {
    "docs": { "command": "docs" }, // local
    "tracker": {
      "type": "http",
      "url": "http://127.0.0.1:8123/mcp"
    }
  }
}
`,
    });
  });

  it('changes nothing the second time, whatever else the server has', () => {
    const { text } = merge('{}');
    expect(merge(text)).toEqual({ text, replaced: [] });
    const more = text.replace('"type"', '"timeout": 5, "type"');
    expect(merge(more)).toEqual({ text: more, replaced: [] });
  });

  it('says which servers pointed elsewhere', () => {
    const { text, replaced } = merge(
      '{"mcpServers":{"tracker":{"type":"http","url":"http://evil.test/mcp"}}}',
    );
    expect(replaced).toEqual(['tracker']);
    expect(text).not.toContain('evil');
  });

  it('does not keep a command beside the address', () => {
    const { replaced, text } = merge(
      '{"mcpServers":{"tracker":{"type":"http","url":"http://127.0.0.1:8123/mcp","command":"sh"}}}',
    );
    expect(replaced).toEqual(['tracker']);
    expect(text).not.toContain('"sh"');
  });

  it.each(['{', '[]', '{"mcpServers":[]}', '{"mcpServers":null}'])('refuses %s', (text) => {
    expect(() => merge(text)).toThrow(/so no server can be added/);
  });
});
