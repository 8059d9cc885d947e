// The official SDK's client, as an agent in the container starts it: through the command of its own configuration.
// Usage: node mcp-client.mjs CONFIG SERVER STEPS, where CONFIG is a .mcp.json and STEPS a JSON array of
// ["tools"], ["call", NAME, ARGUMENTS], ["resources"], ["many", SESSIONS], ["big", NAME, ARGUMENTS] or ["rate", NAME, ARGUMENTS, CALLS].
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const [config, name, steps] = process.argv.slice(2);
const { command, args } = JSON.parse(readFileSync(config, 'utf8')).mcpServers[name];

async function connect() {
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: { roots: { listChanged: true } } },
  );
  await client.connect(
    // Its own limit for one message is 10 MB.
    new StdioClientTransport({ command, args, maxBufferSize: 128 * 1024 * 1024 }),
  );
  return client;
}

const textOf = ({ content }) => content.map(({ text }) => text ?? '').join('');
const options = { timeout: 120_000 };

async function step(client, [kind, tool, given, count]) {
  switch (kind) {
    case 'tools':
      return (await client.listTools()).tools.map((one) => one.name).sort();
    case 'resources':
      return (await client.listResources()).resources.length;
    case 'call':
      return textOf(await client.callTool({ name: tool, arguments: given }, undefined, options));
    case 'big': {
      const start = performance.now();
      const text = textOf(await client.callTool({ name: tool, arguments: given }, undefined, options));
      const { createHash } = await import('node:crypto');
      return {
        length: text.length,
        sha256: createHash('sha256').update(text).digest('hex'),
        milliseconds: performance.now() - start,
      };
    }
    case 'rate': {
      const start = performance.now();
      for (let i = 0; i < count; i++)
        await client.callTool({ name: tool, arguments: given }, undefined, options);
      return (performance.now() - start) / count;
    }
    case 'many': {
      const clients = await Promise.all(Array.from({ length: tool }, connect));
      const answers = await Promise.all(
        clients.map(async (one, index) => {
          const text = textOf(
            await one.callTool(
              { name: given, arguments: { message: `session ${index}` } },
              undefined,
              options,
            ),
          );
          return text.includes(`session ${index}`);
        }),
      );
      await Promise.all(clients.map((one) => one.close()));
      return answers.filter(Boolean).length;
    }
  }
}

const results = [];
let client;
try {
  client = await connect();
  for (const one of JSON.parse(steps))
    results.push(await step(client, one).catch((error) => ({ error: error.message })));
} catch (error) {
  results.push({ error: error.message });
}
await client?.close();
console.log(JSON.stringify(results));
// Sessions that were not closed, because another one failed, must not keep it waiting.
process.exit();
