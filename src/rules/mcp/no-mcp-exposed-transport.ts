import { isLiteral, isMetadata, isNear, readAddress } from '../../agents/hosts.js';
import type { McpConfig, McpServer, McpText } from '../../agents/mcp-servers.js';
import { offerFix } from '../../container/fixes.js';
import { isSecretName } from '../../container/secret-names.js';
import type { Report, Rule } from '../../core/rule.js';
import { replaceSetting, type SettingsDocument } from '../../documents/settings.js';

export const noMcpExposedTransport: Rule<'mcp-config'> = {
  id: 'no-mcp-exposed-transport',
  on: 'mcp-config',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Talk to MCP servers over a connection that nobody else can read or use',
  why: 'Whoever stands between client and server reads the token and writes the answers, and an answer is text that the agent follows. A server that listens on every interface answers anybody in the network, and any page in a browser that finds it.',
  references: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports',
    'https://cwe.mitre.org/data/definitions/319.html',
    'https://cwe.mitre.org/data/definitions/1327.html',
  ],
  examples: [
    {
      bad: {
        '.mcp.json':
          '{\n  "mcpServers": {\n    "a": { "type": "http", "url": «"http://tools.example.com/mcp"», "headers": { "Authorization": "Bearer ${TOKEN}" } }\n  }\n}\n',
      },
      fixed: {
        '.mcp.json':
          '{\n  "mcpServers": {\n    "a": { "type": "http", "url": "https://tools.example.com/mcp", "headers": { "Authorization": "Bearer ${TOKEN}" } }\n  }\n}\n',
      },
    },
    {
      bad: {
        '.cursor/mcp.json':
          '{ "mcpServers": { "a": { "command": "tool-server", "args": ["--port", "8000", "--host", «"0.0.0.0"»] } } }\n',
      },
      fixed: {
        '.cursor/mcp.json':
          '{ "mcpServers": { "a": { "command": "tool-server", "args": ["--port", "8000", "--host", "127.0.0.1"] } } }\n',
      },
    },
    {
      bad: {
        '.codex/config.toml': '[mcp_servers.a]\ncommand = "tool"\nargs = [«"--insecure"»]\n',
      },
    },
    {
      bad: {
        '.mcp.json': '{ "mcpServers": { "a": { "type": "http", "url": «"https://203.0.113.7/mcp"» } } }\n',
      },
    },
  ],
  good: [
    {
      '.mcp.json':
        '{ "mcpServers": { "a": { "type": "http", "url": "http://localhost:3000/mcp" }, "b": { "type": "http", "url": "http://host.docker.internal:4001/mcp" }, "c": { "type": "http", "url": "http://jenkins:8080/mcp" }, "d": { "type": "http", "url": "https://mcp.example.com/mcp" }, "e": { "type": "http", "url": "${MCP_URL}" } } }',
    },
    {
      '.vscode/mcp.json':
        '{ "servers": { "a": { "url": "unix:///run/tool.sock#/mcp" }, "b": { "type": "sse", "url": "https://x.example.com/sse" } } }',
    },
    {
      '.mcp.json':
        '{ "mcpServers": { "a": { "command": "tool", "args": ["--host", "127.0.0.1"], "env": { "HOST": "localhost" } } } }',
    },
  ],
  *check(config) {
    for (const server of config.servers) {
      const url = judgeUrl(config.document, server);
      if (url) yield url;
      yield* judgeWords(config.document, server);
      yield* judgeVariables(server);
      yield* judgePedantic(config, server);
    }
  },
};

function judgeUrl(document: SettingsDocument, server: McpServer): Report | undefined {
  const { url } = server;
  const address = url && readAddress(url.text);
  if (!url || !address || !/^(?:https?|wss?)$/.test(address.scheme)) return undefined;
  const { host, scheme } = address;
  if (isMetadata(host))
    return {
      place: url.place,
      message: `the server ${server.name} is the metadata service of a cloud (${host}), which hands out the machine's credentials`,
    };
  if (isNear(host)) return undefined;
  const isPlain = scheme === 'http' || scheme === 'ws';
  const carries =
    address.hasUser ||
    /(?:^|&)[^=&]*(?:key|token|secret)[^=&]*=/i.test(address.query) ||
    server.headers.some(({ name }) => /^(?:authorization|cookie)$|token|key|secret/i.test(name)) ||
    server.headerVariables.length > 0;
  if (isPlain)
    return {
      place: url.place,
      message: `the server ${server.name} is spoken to without encryption (${scheme}://${host})${carries ? ', and a credential goes along' : ''}`,
      severity: carries ? 'error' : 'warning',
      fixes: offerFix(
        `use ${scheme}s`,
        'the server has to offer it',
        replaceSetting(document, url.node, url.text.replace(/^(\s*)(http|ws):/i, '$1$2s:')),
      ),
    };
  if (!isLiteral(host)) return undefined;
  return {
    place: url.place,
    message: `the server ${server.name} is a bare address (${host}), which names nobody who answers for it`,
  };
}

const everywhere = /^(?:0\.0\.0\.0|\[?::\]?|\*)(?::\d+)?$/;
const hostOption = /^--?(?:host|hostname|bind|bind-address|listen|address|addr)$/;

function* judgeWords(document: SettingsDocument, server: McpServer): Iterable<Report> {
  for (const [index, word] of server.words.entries()) {
    const [option = '', glued] = /^(--[\w-]+)=(.*)$/s.exec(word.text)?.slice(1) ?? [];
    const name = glued === undefined ? (server.words[index - 1]?.text ?? '') : option;
    const value = glued ?? word.text;
    if (hostOption.test(name) && everywhere.test(value))
      yield {
        place: word.place,
        message: `the server ${server.name} listens on every interface (${value}), for the whole network`,
        fixes: offerFix(
          'listen on 127.0.0.1',
          'other machines no longer reach it',
          replaceSetting(document, word.node, word.text.replace(/0\.0\.0\.0|\[?::\]?|\*/, '127.0.0.1')),
        ),
      };
    else yield* judgeSwitch(server, word, name, value);
  }
}

function* judgeSwitch(
  { name: server }: McpServer,
  word: McpText,
  name: string,
  value: string,
): Iterable<Report> {
  if (/^--(?:cors|cors-origins?|allow-origins?|allowed-origins?)$/.test(name) && value === '*')
    yield { place: word.place, message: `the server ${server} answers every page in a browser (${name} *)` };
  if (/^--(?:allow-unauthenticated|no-auth|disable-auth|dangerously-omit-auth)$/.test(word.text))
    yield { place: word.place, message: `the server ${server} answers anybody (${word.text})` };
  if (
    /^--(?:insecure|no-verify-ssl|no-check-certificate|ignore-certificate-errors|tls-skip-verify)$/.test(
      word.text,
    )
  )
    yield {
      place: word.place,
      message: `the server ${server} does not check whom it talks to (${word.text})`,
      severity: 'error',
    };
}

function* judgeVariables({ name: server, env }: McpServer): Iterable<Report> {
  for (const { name, text, place } of env) {
    if (/^(?:[A-Z]+_)*(?:HOST|BIND|BIND_ADDRESS|LISTEN)$/.test(name) && everywhere.test(text))
      yield {
        place,
        message: `the server ${server} listens on every interface (${name}=${text}), for the whole network`,
      };
    else if (/DANGEROUSLY_OMIT_AUTH|^DISABLE_AUTH$/.test(name) && /^(?:1|true)$/i.test(text))
      yield { place, message: `the server ${server} answers anybody (${name})` };
    else if (isSecretName(name) && isPlainRemote(text))
      yield { place, message: `the server ${server} sends ${name} without encryption`, severity: 'error' };
  }
}

function isPlainRemote(text: string): boolean {
  const address = readAddress(text);
  return address?.scheme === 'http' && !isNear(address.host);
}

function* judgePedantic(config: McpConfig, server: McpServer): Iterable<Report> {
  if (server.transport === 'sse' && server.url)
    yield {
      place: server.url.place,
      message: `the server ${server.name} uses the SSE transport, which the protocol has dropped`,
      severity: 'info',
      persona: 'pedantic',
    };
  const other = config.siblings
    .filter((sibling) => sibling !== config)
    .flatMap((sibling) => sibling.servers)
    .find(({ name, words, url }) => name === server.name && startOf({ words, url }) !== startOf(server));
  if (other)
    yield {
      place: server.place,
      message: `the server ${server.name} is another one in ${other.place.file.path}`,
      related: [{ place: other.place, message: 'the other definition' }],
      severity: 'info',
      persona: 'pedantic',
    };
}

function startOf({ words, url }: Pick<McpServer, 'words' | 'url'>): string {
  return url?.text ?? words.map(({ text }) => text).join(' ');
}
