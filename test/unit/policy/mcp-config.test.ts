import { describe, expect, it } from 'vitest';
import { parseJson, plainValue } from '../../../src/documents/json.js';
import { clientFilesOf, mcpClientFiles, mergeMcpConfig } from '../../../src/policy/mcp-config.js';

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

describe('the files of other clients', () => {
  const gated = { name: 'tracker', port: 20_001, transport: 'socket' } as const;
  const open = { name: 'docs', port: 8123, path: '/mcp' };
  const args = ['-', 'TCP4:127.0.0.1:20001,nodelay'];
  const merge = (path: string, text?: string) => {
    const client = mcpClientFiles.find((one) => one.path === path);
    const merged = mergeMcpConfig(text === undefined ? undefined : { path, text }, [gated, open], client);
    return { ...merged, value: plainValue(parseJson({ path, text: merged.text }).root) };
  };

  it('are written as each client reads them', () => {
    expect(merge('.vscode/mcp.json').value).toEqual({
      servers: {
        tracker: { type: 'stdio', command: 'socat', args },
        docs: { type: 'http', url: 'http://127.0.0.1:8123/mcp' },
      },
    });
    expect(merge('.cursor/mcp.json').value).toEqual({
      mcpServers: { tracker: { command: 'socat', args }, docs: { url: 'http://127.0.0.1:8123/mcp' } },
    });
  });

  it.each(mcpClientFiles.map(({ path }) => path))('%s is the same the second time', (path) => {
    const { text } = merge(path);
    expect(merge(path, text)).toMatchObject({ text, replaced: [] });
  });

  it("keep what is the user's, and name what pointed elsewhere", () => {
    const text =
      '{\n  // ours\n  "inputs": [],\n  "servers": { "mine": { "command": "x" }, "docs": { "command": "y" } }\n}\n';
    const { text: after, replaced, value } = merge('.vscode/mcp.json', text);
    expect(replaced).toEqual(['docs']);
    expect(after).toContain('// ours');
    expect(value).toMatchObject({ inputs: [], servers: { mine: { command: 'x' } } });
  });

  it('are rendered for the agents that read them', () => {
    const paths = (agents: Parameters<typeof clientFilesOf>[0]) =>
      clientFilesOf(agents).map(({ path }) => path);
    expect(paths(['codex'])).toEqual(['.mcp.json']);
    expect(paths(['cursor', 'copilot-cli'])).toEqual(['.mcp.json', '.vscode/mcp.json', '.cursor/mcp.json']);
  });
});
