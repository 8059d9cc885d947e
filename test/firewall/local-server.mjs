// Servers near a container, which must not be reached from it: the host's, a neighbour's, a metadata service's.
// Usage: node local-server.mjs FOLDER PORT,... ADDRESS...; arrivals go into FOLDER/arrivals as internet-server.mjs writes them.
import { createSocket } from 'node:dgram';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';

const [folder, ports, ...addresses] = process.argv.slice(2);
const note = (via, to, data) =>
  appendFileSync(
    `${folder}/arrivals`,
    `${JSON.stringify({ via, to, name: '', data: data.toString('latin1') })}\n`,
  );

process.stdin.resume().on('end', () => process.exit());
let waiting = 0;
const ready = () => {
  waiting -= 1;
  if (waiting === 0) note('ready', addresses[0], '');
};

for (const address of addresses) {
  for (const port of ports.split(',').map(Number)) {
    waiting += 2;
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        note('tcp', `${address} ${port}`, data);
        const body = `from ${address}`;
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      });
    }).listen(port, address, ready);
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.on('message', (data) => note('udp', `${address} ${port}`, data));
    socket.bind(port, address, ready);
  }
}
