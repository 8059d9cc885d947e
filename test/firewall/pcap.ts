import { readFileSync } from 'node:fs';

/** A packet as far as the tests ask: where it went and every byte behind its Ethernet header. */
export interface Packet {
  readonly to: string;
  /** IP protocol: 6 is TCP, 17 UDP. */
  readonly protocol: number;
  /** Destination port of TCP and UDP; undefined otherwise, and in a fragment that is not the first. */
  readonly port: number | undefined;
  readonly bytes: Buffer;
}

/** The packets of a capture file (classic pcap, Ethernet, this machine's byte order); a cut one at its end is left out. */
export function readCapture(path: string): Packet[] {
  const file = readFileSync(path);
  const packets: Packet[] = [];
  let at = 24;
  while (at + 16 <= file.length) {
    const length = file.readUInt32LE(at + 8);
    const frame = file.subarray(at + 16, at + 16 + length);
    if (frame.length < length) break;
    at += 16 + length;
    const packet = readFrame(frame);
    if (packet) packets.push(packet);
  }
  return packets;
}

function readFrame(frame: Buffer): Packet | undefined {
  const type = frame.length >= 34 ? frame.readUInt16BE(12) : 0;
  const bytes = frame.subarray(14);
  if (type === 0x0800) {
    const header = ((bytes[0] ?? 0) & 15) * 4;
    const isFirst = (bytes.readUInt16BE(6) & 0x1fff) === 0;
    return {
      to: [...bytes.subarray(16, 20)].join('.'),
      protocol: bytes[9] ?? 0,
      port: isFirst ? portOf(bytes, bytes[9], header) : undefined,
      bytes,
    };
  }
  if (type === 0x86dd) {
    const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(24 + index * 2).toString(16));
    return { to: groups.join(':'), protocol: bytes[6] ?? 0, port: portOf(bytes, bytes[6], 40), bytes };
  }
  return undefined;
}

function portOf(bytes: Buffer, protocol: number | undefined, header: number): number | undefined {
  return (protocol === 6 || protocol === 17) && bytes.length >= header + 4
    ? bytes.readUInt16BE(header + 2)
    : undefined;
}
