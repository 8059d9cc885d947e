// The fake internet, run inside a network namespace: a name server, sites, and an attacker who writes down what arrives.
// Usage: node internet-server.mjs FOLDER. FOLDER holds key.pem and cert.pem; every arrival is one JSON line in
// FOLDER/arrivals: { via, to, name, data }, where name is the SNI or Host that the client asked for.
import { createSocket } from 'node:dgram';
import { appendFileSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { serveNames } from './name-server.mjs';
import { hostsIn } from './requests.mjs';
import { addresses, tunnelled } from './sites.mjs';

const folder = process.argv[2];
const tls = { key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/cert.pem`) };
const note = (via, to, name, data) =>
  appendFileSync(
    `${folder}/arrivals`,
    `${JSON.stringify({ via, to, name, data: data.toString('latin1') })}\n`,
  );

process.stdin.resume().on('end', () => process.exit());
let waiting = 0;
const ready = () => {
  waiting -= 1;
  if (waiting === 0) note('ready', '', '', '');
};

const listed = /^(?:cdn|(?:[\w-]+\.)*wide)\.example$/;

/** The host that a request asks for. Where it names several, the one that is not listed: some server will believe it. */
function hostOf(stream) {
  const http2 = stream.indexOf('PRI * HTTP/2.0');
  if (http2 >= 0 && stream.includes('evil.example', http2)) return 'evil.example';
  const hosts = hostsIn(stream);
  return hosts.find((host) => !listed.test(host)) ?? hosts[0] ?? '';
}

const answer = (body) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';

/** Answers every piece of a stream like a web server that lets much pass, and notes the stream so far. */
function converse(via, address, port) {
  return (socket) => {
    let stream = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      stream = Buffer.concat([stream, data]).subarray(-65536);
      note(via, `${address} ${port}`, via === 'tls' ? socket.servername || '' : hostOf(stream), stream);
      const text = data.toString('latin1');
      socket.write(/^upgrade:\s*h2c/im.test(text) ? upgrade : answer(`from ${address}`));
      if (/connection: close|HTTP\/1\.0/i.test(text)) socket.end();
    });
  };
}

function serve(address, port) {
  waiting += 1;
  createServer(converse('tcp', address, port)).listen(port, address, ready);
}

/** TLS, behind an ear for what comes before or instead of it. A greeting that names the attacker is the attacker's. */
function serveTls(address, port = 443) {
  waiting += 1;
  const inner = createTlsServer(
    { ...tls, SNICallback: (_, done) => done(null) },
    converse('tls', address, port),
  );
  inner.on('tlsClientError', () => undefined);
  const path = `${folder}/tls-${address}-${port}`;
  inner.listen(path, () => {
    createServer((socket) => {
      const pipe = connect(path);
      let stream = Buffer.alloc(0);
      socket.on('data', (data) => {
        if (stream.length > 40_000) return;
        stream = Buffer.concat([stream, data]);
        const name =
          /(cdn|wide)\.example/.test(stream.toString('latin1')) && !/evil/i.test(stream.toString('latin1'))
            ? 'cdn.example'
            : '';
        note('raw', `${address} ${port}`, name, stream);
        if (data.includes('HARDEN-RESET')) socket.resetAndDestroy();
      });
      socket.on('error', () => pipe.destroy()).on('close', () => pipe.destroy());
      pipe.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      socket.pipe(pipe).pipe(socket);
    }).listen(port, address, ready);
  });
}

function serveUdp(address, port) {
  waiting += 1;
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (data) => note('udp', `${address} ${port}`, '', data));
  socket.bind(port, address, ready);
}

const { dns, allowed, rotated, shared, attacker } = addresses;
for (const address of [...dns, ...attacker]) {
  waiting += 2;
  serveNames(
    address,
    (name, data) => note('dns', address, name, `${name} ${data.toString('latin1')}`),
    ready,
  );
}
for (const address of dns) serve(address, 853);
for (const address of [...attacker, ...tunnelled]) {
  for (const port of [
    21, 22, 25, 80, 110, 123, 143, 587, 993, 1080, 3128, 4444, 5432, 6667, 6881, 8080, 8443, 9418, 15443,
  ])
    serve(address, port);
  serveTls(address);
  serveTls(address, 853);
}
for (const address of attacker)
  for (const port of [
    67, 69, 123, 137, 161, 443, 500, 514, 853, 1194, 1900, 3478, 4500, 5353, 5355, 6881, 51820,
  ])
    serveUdp(address, port);
for (const address of [...allowed, ...rotated, ...shared]) {
  for (const port of [22, 80, 8080]) serve(address, port);
  serveTls(address);
  serveUdp(address, 443);
}
