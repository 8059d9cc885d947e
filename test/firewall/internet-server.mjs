// The fake internet, run inside a network namespace: a name server, sites, and an attacker who writes down what arrives.
// Usage: node internet-server.mjs FOLDER. FOLDER holds key.pem and cert.pem; every arrival is one JSON line in
// FOLDER/arrivals: { via, to, name, data }, where name is the SNI or Host that the client asked for.
import { createSocket } from 'node:dgram';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

const folder = process.argv[2];
const tls = { key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/cert.pem`) };
const note = (via, to, name, data) =>
  appendFileSync(
    `${folder}/arrivals`,
    `${JSON.stringify({ via, to, name, data: data.toString('latin1') })}\n`,
  );

const dns = ['198.18.0.53', '2001:2::53'];
const allowed = ['198.18.0.10', '2001:2::10'];
const rotated = ['198.18.0.11', '2001:2::11'];
const shared = ['198.18.0.20', '2001:2::20'];
const attacker = ['198.18.0.66', '2001:2::66'];

// Names of their own; every other name belongs to the attacker.
const sites = {
  'allowed.example': [allowed],
  'ssh.example': [allowed],
  'any.suffix.example': [allowed],
  'deep.er.suffix.example': [allowed],
  'cdn.example': [shared],
  'four.example': [[allowed[0]]],
  'six.example': [[undefined, allowed[1]]],
  'rotating.example': [allowed, rotated],
  'bare.example': [allowed],
};
const turns = new Map();

function answerFor(name, type) {
  const six = type === 28 ? 1 : 0;
  if (name === 'rebind.example')
    return six ? ['::1', 'fd00::1'] : ['10.0.0.1', '127.0.0.1', '169.254.169.254'];
  if (name === 'private.example') return six ? [] : ['172.31.255.254'];
  const choices = sites[name] ?? [attacker];
  const turn = (turns.get(`${name} ${type}`) ?? 0) + 1;
  turns.set(`${name} ${type}`, turn);
  const address = choices[turn % choices.length][six];
  return address ? [address] : [];
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
    record.writeUInt32BE(1, 6);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return { name, message: Buffer.concat([header, query.subarray(12, end), ...records]) };
}

process.stdin.resume().on('end', () => process.exit());
let waiting = 0;
const ready = () => {
  waiting -= 1;
  if (waiting === 0) note('ready', '', '', '');
};

function serveNames(address) {
  waiting += 2;
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (query, from) => {
    try {
      const { name, message } = reply(query);
      note('dns', address, name, name);
      socket.send(message, from.port, from.address);
    } catch {
      note('dns', address, '', query);
    }
  });
  socket.bind(53, address, ready);
  createServer((connection) => {
    connection.on('error', () => undefined);
    connection.on('data', (data) => {
      try {
        const { name, message } = reply(data.subarray(2));
        note('dns', address, name, name);
        const length = Buffer.alloc(2);
        length.writeUInt16BE(message.length);
        connection.end(Buffer.concat([length, message]));
      } catch {
        note('dns', address, '', data);
        connection.end();
      }
    });
  }).listen(53, address, ready);
}

/** The host that a request asks for. Where it names several, the one that is not listed: some server will believe it. */
function hostOf(request) {
  const text = request.toString('latin1');
  const inLine = /^(?:CONNECT ([^\s:]+)|\w+ http:\/\/([^\s/:]+))/.exec(text);
  const hosts = [...text.matchAll(/^host:\s*([^\s:]+)/gim)].map((match) => match[1]);
  return (
    [inLine?.[1] ?? inLine?.[2], ...hosts]
      .filter(Boolean)
      .sort((a, b) => (a === 'cdn.example') - (b === 'cdn.example'))[0] ?? ''
  );
}

const answer = (body) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

function serve(address, port, { secure = false } = {}) {
  waiting += 1;
  const handle = (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      note(
        secure ? 'tls' : 'tcp',
        `${address} ${port}`,
        secure ? socket.servername || '' : hostOf(data),
        data,
      );
      socket.write(answer(`from ${address}`));
      if (/connection: close|HTTP\/1\.0/i.test(data.toString('latin1'))) socket.end();
    });
  };
  const server = secure
    ? createTlsServer({ ...tls, SNICallback: (_, done) => done(null) }, handle)
    : createServer(handle);
  server.on('tlsClientError', () => undefined);
  server.listen(port, address, ready);
}

function serveUdp(address, port) {
  waiting += 1;
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (data) => note('udp', `${address} ${port}`, '', data));
  socket.bind(port, address, ready);
}

for (const address of [...dns, ...attacker]) serveNames(address);
for (const address of attacker) {
  for (const port of [22, 25, 80, 123, 853, 3128, 5432, 8080, 8443, 15443]) serve(address, port);
  serve(address, 443, { secure: true });
  for (const port of [123, 443, 500, 4500, 5353, 51820]) serveUdp(address, port);
}
for (const address of [...allowed, ...rotated, ...shared]) {
  for (const port of [22, 80, 8080]) serve(address, port);
  serve(address, 443, { secure: true });
  serveUdp(address, 443);
}
