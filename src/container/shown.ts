/** Text of a file for a message: in one piece, and no longer than a line. */
export function shown(text: string): string {
  const short = text.replace(/\s+/g, ' ');
  return short.length > 80 ? `${short.slice(0, 80)}…` : short;
}
