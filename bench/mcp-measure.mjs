// Measures one way to an MCP server: round trips of a small call, and the speed of a large answer. Runs where the way begins,
// on the host or in a container, with nothing but Node. Usage: node mcp-measure.mjs NAME PROGRAM [ARGUMENT...]
import { spawn } from 'node:child_process';

const rounds = 2000;
const megabytes = 50;
const [name = '', program = '', ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
child.on('exit', (code) => {
  console.error(`${name}: the way ended with ${code}`);
  process.exit(1);
});

const toLine = (message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
const call = (tool, given) =>
  toLine({ id: 1, method: 'tools/call', params: { name: tool, arguments: given } });

/** Milliseconds until a whole line is back; what is in it is not looked at, so that this end costs as little as it can. */
function ask(line) {
  const start = performance.now();
  return new Promise((resolve) => {
    const take = (chunk) => {
      if (chunk.at(-1) !== 10) return;
      child.stdout.off('data', take);
      resolve(performance.now() - start);
    };
    child.stdout.on('data', take);
    child.stdin.write(line);
  });
}

await ask(
  toLine({
    id: 0,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'bench', version: '1' },
    },
  }),
);
child.stdin.write(toLine({ method: 'notifications/initialized' }));
const small = call('echo', { message: 'x' });
for (let i = 0; i < 200; i++) await ask(small);
const times = [];
for (let i = 0; i < rounds; i++) times.push(await ask(small));
times.sort((a, b) => a - b);
const speeds = [];
for (let i = 0; i < 5; i++) speeds.push((megabytes * 1000) / (await ask(call('big', { megabytes }))));
const at = (share) => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
console.log(
  `${name.padEnd(28)} median ${at(0.5)} ms, 95 % ${at(0.95)} ms, ${Math.max(...speeds).toFixed(0)} MB/s`,
);
child.kill();
process.exit();
