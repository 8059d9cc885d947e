// What a server takes for requests is a matter of opinion: where one ends depends on the length that it believes. This reads
// a stream as differently minded servers do, so that a request that any of them would answer is seen.

/** Hosts of every request in the stream, by each reading; the ones after the first are what smuggling is after. */
export function hostsIn(stream) {
  const text = stream.toString('latin1');
  return [...new Set([byChunks, byFirstLength, byLastLength].flatMap((bodyEnd) => read(text, bodyEnd)))];
}

function read(text, bodyEnd) {
  const hosts = [];
  let at = 0;
  for (let count = 0; count < 100; count += 1) {
    while (text.startsWith('\n', at) || text.startsWith('\r', at)) at += 1;
    const head = /\r?\n\r?\n/g;
    head.lastIndex = at;
    const end = head.exec(text);
    // Servers believe that what has no end yet is a request too, as soon as it looks like one.
    const block = text.slice(at, end ? end.index : undefined);
    if (!/^[A-Za-z]+[ \t]/.test(block)) break;
    hosts.push(...hostsOf(block));
    if (!end) break;
    at = bodyEnd(block, text, head.lastIndex);
    if (at === undefined || at >= text.length) break;
  }
  return hosts;
}

function hostsOf(block) {
  const inLine = /^(?:CONNECT[ \t]+([^\s:]+)|\w+[ \t]+\w+:\/\/([^\s/:]+))/.exec(block);
  // A folded line belongs to the one before it; a space before the colon is let pass.
  const unfolded = block.replace(/\r?\n[ \t]+/g, ' ');
  const named = [...unfolded.matchAll(/^host[ \t]*:[ \t]*([^\r\n]*)/gim)].map((match) => match[1]);
  return [inLine?.[1] ?? inLine?.[2], ...named]
    .filter(Boolean)
    .map((host) => host.trim().replace(/:\d+$/, '').toLowerCase());
}

const lengths = (block) =>
  [...block.matchAll(/^content-length[ \t]*:[ \t]*\+?(\d+)/gim)].map((match) => Number(match[1]));

function byFirstLength(block, _text, at) {
  return at + (lengths(block)[0] ?? 0);
}

function byLastLength(block, _text, at) {
  return at + (lengths(block).at(-1) ?? 0);
}

function byChunks(block, text, start) {
  if (!/^transfer-encoding[ \t]*:[^\r\n]*chunked/im.test(block.replace(/\r?\n[ \t]+/g, ' ')))
    return byFirstLength(block, text, start);
  let at = start;
  for (;;) {
    const line = /^[ \t]*([0-9a-f]+)[^\n]*\n/i.exec(text.slice(at, at + 200));
    if (!line) return undefined;
    at += line[0].length;
    const size = Number.parseInt(line[1], 16);
    if (size === 0) break;
    at += size;
    at += text.startsWith('\r\n', at) ? 2 : 1;
  }
  const trailer = /\r?\n\r?\n|^\r?\n/g;
  const rest = text.slice(at);
  const end = /^\r?\n/.test(rest) ? /^\r?\n/.exec(rest) : trailer.exec(rest);
  return end ? at + end.index + end[0].length : undefined;
}
