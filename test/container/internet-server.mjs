// The fake internet, run inside a network namespace: a name server, sites, and an attacker who writes down what arrives.
// Usage: node internet-server.mjs LOG. Every arrival is one JSON line in LOG: { via, to, data }.
import { createSocket } from 'node:dgram';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';

const log = process.argv[2];
const note = (via, to, data) =>
  appendFileSync(log, `${JSON.stringify({ via, to, data: data.toString('latin1') })}\n`);

const addresses = {
  dns: ['198.18.0.53', '2001:2::53'],
  allowed: ['198.18.0.10', '2001:2::10'],
  attacker: ['198.18.0.66', '2001:2::66'],
};

// allowed.example and registry.example are sites; rebind.example answers with private and loopback addresses; every
// other name belongs to the attacker.
function answerFor(name, type) {
  const six = type === 28;
  if (name === 'rebind.example') return six ? ['::1'] : ['10.0.0.1', '127.0.0.1', '169.254.169.254'];
  const site =
    name === 'allowed.example' || name.endsWith('.suffix.example') || name === 'ssh.example'
      ? 'allowed'
      : 'attacker';
  return [addresses[site][six ? 1 : 0]];
}

function packAddress(address) {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const [head, tail = ''] = address.split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const groups = [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
  return Buffer.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  );
}

function reply(query) {
  const labels = [];
  let at = 12;
  while (query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
    at += 1 + query[at];
  }
  const end = at + 5;
  const type = query.readUInt16BE(at + 1);
  const name = labels.join('.').toLowerCase();
  const answers = type === 1 || type === 28 ? answerFor(name, type) : [];
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(answers.length, 6);
  header.writeUInt32BE(0, 8);
  const records = answers.map((address) => {
    const data = packAddress(address);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(type, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(5, 6);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return { name, message: Buffer.concat([header, query.subarray(12, end), ...records]) };
}

let waiting = 0;
const ready = () => {
  waiting -= 1;
  if (waiting === 0) note('ready', '', '');
};

function serveNames(address) {
  waiting += 1;
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (query, from) => {
    try {
      const { name, message } = reply(query);
      note('dns', address, name);
      socket.send(message, from.port, from.address);
    } catch {
      note('dns-garbage', address, query);
    }
  });
  socket.bind(53, address, ready);
}

function serveTcp(address, port) {
  waiting += 1;
  createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      note('tcp', `${address} ${port}`, data);
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok');
    });
  }).listen(port, address, ready);
}

function serveUdp(address, port) {
  waiting += 1;
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (data) => note('udp', `${address} ${port}`, data));
  socket.bind(port, address, ready);
}

for (const address of addresses.dns) serveNames(address);
for (const address of addresses.attacker) {
  serveNames(address);
  for (const port of [22, 53, 80, 443, 853, 8080]) serveTcp(address, port);
  for (const port of [443, 4500]) serveUdp(address, port);
}
for (const address of addresses.allowed) {
  for (const port of [22, 80, 443, 8080]) serveTcp(address, port);
  serveUdp(address, 443);
}
