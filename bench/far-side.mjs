// The far side of the traffic benchmark, run in a network namespace: a name server that gives every name one address, and
// a TLS server that sends as many bytes as the path says. Usage: node far-side.mjs FOLDER ADDRESS, ends with its input.
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';

const [folder, address] = process.argv.slice(2);
const octets = Buffer.from(address.split('.').map(Number));
const block = Buffer.alloc(1 << 18);

const names = createSocket('udp4').bind(53, address);
names.on('message', (query, from) => {
  const type = query.readUInt16BE(query.indexOf(0, 12) + 1);
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(type === 1 ? 1 : 0, 6);
  head.writeUInt16BE(0, 10);
  const answer = Buffer.concat([Buffer.from('c00c000100010000003c0004', 'hex'), octets]);
  names.send(Buffer.concat([head, question, ...(type === 1 ? [answer] : [])]), from.port, from.address);
});

const tls = { key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/cert.pem`) };
createServer(tls, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.once('data', (request) => {
    let left = Number(/^GET \/(\d+)/.exec(request.toString('latin1'))?.[1] ?? 0);
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${left}\r\nConnection: close\r\n\r\n`);
    const send = () => {
      while (left > 0) {
        const part = left < block.length ? block.subarray(0, left) : block;
        left -= part.length;
        if (!socket.write(part)) return socket.once('drain', send);
      }
      return socket.end();
    };
    send();
  });
}).listen(443, address, () => console.log('ready'));

process.stdin.on('end', () => process.exit()).resume();
