// Servers on the host, next to the engine's bridge: the MCP server that is forwarded and neighbours that are not.
// Usage: node host-server.mjs LOG ADDRESS PORT...
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [log, address, ...ports] = process.argv.slice(2);
process.stdin.resume().on('end', () => process.exit());
let waiting = ports.length;
for (const port of ports) {
  createServer((request, response) => {
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => {
      appendFileSync(log, `${JSON.stringify({ port, url: request.url, body })}\n`);
      const { id = null } = body ? JSON.parse(body) : {};
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { serverInfo: { name: `on-${port}` } } }));
    });
  }).listen(Number(port), address, () => {
    waiting -= 1;
    if (waiting === 0) appendFileSync(log, '{"ready":true}\n');
  });
}
