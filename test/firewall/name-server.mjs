// The fake internet's name server: one question in, one answer out, over UDP and TCP.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { answerFor } from './sites.mjs';

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

function readQuestion(query) {
  const labels = [];
  let at = 12;
  while (query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
    at += 1 + query[at];
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

// What a hostile or broken server may say; `hostile.example` answers its nth question with the nth of these, over and over.
const hostile = [
  (query) => query.subarray(0, 11),
  (query) => Buffer.concat([query.subarray(0, 12), Buffer.from([0xc0, 12, 0xc0, 12])]),
  () => Buffer.alloc(500, 0xff),
  (query) => Buffer.concat([pack(query, ['198.18.0.66']), Buffer.alloc(3000, 65)]),
  (query) => pack(query, rangeOfEverything),
  () => undefined,
];
const rangeOfEverything = ['0.0.0.0', '128.0.0.0', '255.255.255.255'];
let hostileTurn = 0;

function pack(query, answers) {
  const { type, end } = readQuestion(query);
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
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}

function reply(query) {
  const { name, type } = readQuestion(query);
  if (name.endsWith('hostile.example')) {
    hostileTurn += 1;
    return { name, message: hostile[hostileTurn % hostile.length](query) };
  }
  return { name, message: pack(query, type === 1 || type === 28 ? answerFor(name, type) : []) };
}

/** Answers at this address; `note(name, bytes)` hears of every question, `ready` is called twice. */
export function serveNames(address, note, ready) {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (query, from) => {
    try {
      const { name, message } = reply(query);
      note(name, query);
      if (message) socket.send(message, from.port, from.address);
    } catch {
      note('', query);
    }
  });
  socket.bind(53, address, ready);
  createServer((connection) => {
    connection.on('error', () => undefined);
    let rest = Buffer.alloc(0);
    connection.on('data', (data) => {
      rest = Buffer.concat([rest, data]);
      while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE()) {
        const query = rest.subarray(2, 2 + rest.readUInt16BE());
        rest = rest.subarray(2 + query.length);
        try {
          const { name, message = Buffer.alloc(0) } = reply(query);
          note(name, query);
          const length = Buffer.alloc(2);
          length.writeUInt16BE(message.length);
          connection.write(Buffer.concat([length, message]));
        } catch {
          note('', query);
        }
      }
    });
  }).listen(53, address, ready);
}
