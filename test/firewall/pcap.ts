import { followFile } from './follow.js';

/** A packet as far as the tests ask: where it went and every byte behind its Ethernet header. */
export interface Packet {
  readonly to: string;
  /** IP protocol: 6 is TCP, 17 UDP. */
  readonly protocol: number;
  /** Destination port of TCP and UDP; undefined otherwise, and in a fragment that is not the first. */
  readonly port: number | undefined;
  readonly bytes: Buffer;
}

/**
 * The packets worth keeping of a capture file that is still written (classic pcap, Ethernet, this machine's byte order). Each call reads
 * what is new since the last; a packet that is cut at the end is left for the next.
 */
export function followCapture(path: string, isKept: (packet: Packet) => boolean): () => readonly Packet[] {
  const packets: Packet[] = [];
  const more = followFile(path);
  let rest: Buffer = Buffer.alloc(0);
  let skip = 24;
  return () => {
    rest = Buffer.concat([rest, more()]);
    if (rest.length < skip) return packets;
    let at = skip;
    while (at + 16 <= rest.length) {
      const length = rest.readUInt32LE(at + 8);
      if (at + 16 + length > rest.length) break;
      const packet = readFrame(rest.subarray(at + 16, at + 16 + length));
      at += 16 + length;
      if (packet && isKept(packet)) packets.push(packet);
    }
    rest = rest.subarray(at);
    skip = 0;
    return packets;
  };
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
  if (type === 0x86dd && bytes.length >= 40) {
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
