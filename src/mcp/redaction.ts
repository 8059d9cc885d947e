/** Shorter ones would be found in ordinary text. */
const shortest = 8;
const mark = Buffer.from('[withheld by the gate]');

/**
 * Takes the values of a server's variables out of what it sends, as they are and as JSON writes them. It helps against an
 * answer that shows them (an environment, an error with a header), not against a server that means to give them away.
 */
export function createRedaction(secrets: readonly string[]): (line: Uint8Array) => Uint8Array {
  const long = secrets.filter((secret) => secret.length >= shortest);
  const forms = new Set(long.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]));
  const needles = [...forms].map((form) => Buffer.from(form));
  return (line) => needles.reduce<Uint8Array>((rest, needle) => replaceAll(rest, needle), line);
}

function replaceAll(line: Uint8Array, needle: Buffer): Uint8Array {
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.length);
  let found = bytes.indexOf(needle);
  if (found < 0) return line;
  const parts: Buffer[] = [];
  let start = 0;
  while (found >= 0) {
    parts.push(bytes.subarray(start, found), mark);
    start = found + needle.length;
    found = bytes.indexOf(needle, start);
  }
  return Buffer.concat([...parts, bytes.subarray(start)]);
}
