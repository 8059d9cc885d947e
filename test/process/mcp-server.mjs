// An MCP server over stdio that misbehaves when it is asked to. Plain Node, so that it starts at once.
// Its second argument is a file that holds the description of its tool echo, read at each listing.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const text = (value) => ({ content: [{ type: 'text', text: value }] });
const names = ['echo', 'big', 'crash', 'hang', 'flood', 'stubborn', 'environment', 'forbidden'];

// Written out once: what is measured is the way, not the server.
const results = new Map();
function bigResult(megabytes) {
  const known =
    results.get(megabytes) ??
    Buffer.from(JSON.stringify(text('0123456789abcdef'.repeat(megabytes * 65_536))));
  results.set(megabytes, known);
  return known;
}

const calls = {
  echo: ({ message }) => text(`Echo: ${message}`),
  big: ({ megabytes }) => bigResult(megabytes),
  environment: () => text(JSON.stringify({ ...process.env, cwd: process.cwd() })),
  crash: () => process.exit(3),
  hang: () => undefined,
  // Does not stop until it is killed.
  flood() {
    const line = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(60_000) } })}\n`;
    const write = () => {
      while (process.stdout.write(line));
      process.stdout.once('drain', write);
    };
    write();
  },
  // Neither the server nor its child ends when it is asked to.
  stubborn() {
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => {});
    const child = spawn('sh', ['-c', 'trap "" TERM HUP; while :; do sleep 1; done'], { stdio: 'ignore' });
    setInterval(() => {}, 1000);
    return text(`${process.pid} ${child.pid}`);
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  if (method === 'initialize')
    send({
      id,
      result: {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'test', version: '1' },
      },
    });
  else if (method === 'tools/list') {
    const description = process.argv[2] ? readFileSync(process.argv[2], 'utf8') : 'a tool';
    send({
      id,
      result: { tools: names.map((name) => ({ name, description, inputSchema: { type: 'object' } })) },
    });
  } else if (method === 'tools/call') {
    const result = calls[params.name]?.(params.arguments ?? {});
    // The result first, as the official SDK writes it.
    if (!result) return;
    process.stdout.cork();
    process.stdout.write('{"result":');
    process.stdout.write(Buffer.isBuffer(result) ? result : JSON.stringify(result));
    process.stdout.write(`,"jsonrpc":"2.0","id":${JSON.stringify(id)}}\n`);
    process.stdout.uncork();
  } else send({ id, result: {} });
});
