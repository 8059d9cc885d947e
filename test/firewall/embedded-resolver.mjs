// What an engine puts into a container on a user-defined network: a resolver on a hidden port of 127.0.0.11, run by root in the
// container's network namespace, which asks the upstream server from there. Usage: node embedded-resolver.mjs PORT UPSTREAM.
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

const [port, upstream] = process.argv.slice(2);
process.stdin.resume().on('end', () => process.exit());

const server = createSocket('udp4');
server.on('message', (query, from) => {
  const client = createSocket('udp4');
  const timer = setTimeout(() => client.close(), 5000);
  client.on('error', () => undefined);
  client.on('message', (reply) => {
    clearTimeout(timer);
    client.close();
    server.send(reply, from.port, from.address);
  });
  client.send(query, 53, upstream);
});
server.bind(Number(port), '127.0.0.11');
createServer((socket) => {
  const pipe = connect(53, upstream);
  pipe.on('error', () => socket.destroy());
  socket.on('error', () => pipe.destroy());
  socket.pipe(pipe).pipe(socket);
}).listen(Number(port), '127.0.0.11', () => console.log('ready'));
