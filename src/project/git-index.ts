/** Bytes of an entry before its name: times, numbers, mode, size, a SHA-1 and the flags. */
const fixed = 62;
/** In the first byte of the flags. */
const extended = 0x40;
/** In the second last byte of the mode. */
const gitlink = 0xe0;

/**
 * The paths that Git tracks, as its index lists them: sorted, '/'-separated, from the repository's root; submodules left
 * out. Undefined for bytes that are no index of version 2 to 4, or that end too early.
 */
export function parseGitIndex(bytes: Buffer): readonly string[] | undefined {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (version < 2 || version > 4) return undefined;
  const paths: string[] = [];
  // Each call of a Buffer's own functions takes longer than all that is done with a byte or a string here.
  const text = bytes.toString('latin1');
  let at = 12;
  let previous: Buffer = Buffer.alloc(0);
  for (let entry = 0; entry < count; entry += 1) {
    if (at + fixed > bytes.length) return undefined;
    const isExtended = version >= 3 && ((bytes[at + 60] ?? 0) & extended) !== 0;
    const start = at + fixed + (isExtended ? 2 : 0);
    const isFile = ((bytes[at + 26] ?? 0) & 0xf0) !== gitlink;
    if (version === 4) {
      const read = readCompressed(bytes, start, previous);
      if (!read) return undefined;
      previous = read.name;
      if (isFile) paths.push(read.name.toString('utf8'));
      at = read.end;
    } else {
      const end = text.indexOf('\0', start);
      if (end < 0) return undefined;
      if (isFile) paths.push(bytes.toString('utf8', start, end));
      // More zeros fill the entry up to a multiple of eight bytes.
      at += Math.ceil((end - at + 1) / 8) * 8;
    }
  }
  return paths;
}

interface Name {
  readonly name: Buffer;
  /** Where the next entry begins. */
  readonly end: number;
}

/** A name that says how much of the one before it to drop, and what to put behind the rest. */
function readCompressed(bytes: Buffer, start: number, previous: Buffer): Name | undefined {
  let at = start;
  let dropped = (bytes[at] ?? 0) & 0x7f;
  while (((bytes[at] ?? 0) & 0x80) !== 0) {
    at += 1;
    dropped = (dropped + 1) * 128 + ((bytes[at] ?? 0) & 0x7f);
    if (dropped > previous.length) return undefined;
  }
  const end = bytes.indexOf(0, at + 1);
  if (end < 0 || dropped > previous.length) return undefined;
  const kept = previous.subarray(0, previous.length - dropped);
  return { name: Buffer.concat([kept, bytes.subarray(at + 1, end)]), end: end + 1 };
}
