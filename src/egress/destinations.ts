/** An address and port that an observing container let through, with what the kernel counted for it. */
export interface Destination {
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
  readonly packets: number;
  readonly bytes: number;
}

/**
 * The members of sets with counters as `ipset save` prints them:
 * `add NAME 198.18.0.10,tcp:22 timeout 43000 packets 3 bytes 180`. Lines of any other form are left out.
 */
export function readDestinations(text: string): Destination[] {
  const found: Destination[] = [];
  for (const line of text.split('\n')) {
    const [, address = '', protocol = '', port] =
      /^add [\w-]+ ([0-9a-f.:]+),(?:([a-z0-9-]+):)?(\d{1,5})(?: |$)/.exec(line) ?? [];
    if (port === undefined) continue;
    const count = (word: string) => Number(new RegExp(` ${word} (\\d+)`).exec(line)?.[1] ?? 0);
    found.push({
      address,
      protocol: protocol || 'tcp',
      port: Number(port),
      packets: count('packets'),
      bytes: count('bytes'),
    });
  }
  return found.sort((a, b) => b.packets - a.packets || (a.address < b.address ? -1 : 1));
}
