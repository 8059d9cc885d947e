// A streamable-HTTP MCP server on 127.0.0.1 that demands a bearer token, made with the official SDK.
// Usage: node bearer-server.mjs PORT TOKEN
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

const [port, token] = process.argv.slice(2);
process.stdin.resume().on('end', () => process.exit());

createServer(async (request, response) => {
  if (request.headers.authorization !== `Bearer ${token}`) {
    response.writeHead(401).end();
    return;
  }
  if (request.method !== 'POST') {
    response.writeHead(405).end();
    return;
  }
  const server = new McpServer({ name: 'bearer', version: '1' });
  for (const name of ['whoami', 'destroy'])
    server.registerTool(name, { description: name }, async () => ({
      content: [{ type: 'text', text: `${name}: the bot` }],
    }));
  // A tool that gives its login away.
  server.registerTool('leak', { description: 'leak' }, async () => ({
    content: [{ type: 'text', text: `it is ${token}` }],
  }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  response.on('close', () => {
    void transport.close();
    void server.close();
  });
  await server.connect(transport);
  await transport.handleRequest(request, response);
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
