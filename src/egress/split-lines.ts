/** A line beyond this is none that the proxy or the resolver writes. */
const longestLine = 64 * 1024;

/**
 * Takes a file piece by piece and gives the lines that are complete; what follows the last line end waits for the next
 * piece, and is never given where none comes: the file is being written. Lines that are too long are left out.
 */
export function lineSplitter(): (bytes: Uint8Array) => string[] {
  const decoder = new TextDecoder();
  let rest = '';
  let isTooLong = false;
  return (bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (isTooLong && lines.length > 0) {
      lines.shift();
      isTooLong = false;
    }
    if (rest.length > longestLine) {
      rest = '';
      isTooLong = true;
    }
    return lines.filter((line) => line.length <= longestLine);
  };
}
