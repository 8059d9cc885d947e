/** The moment of every line here, unless it says otherwise. */
export const at = Date.parse('2026-11-21T03:09:18Z');

function prefix(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')}.202612569  `;
}

/** A line of the resolver. */
export function asked(body: string, time = at): string {
  return `${prefix(time)}dnsmasq[87]: ${body}`;
}

interface ConnectionLine {
  readonly name?: string;
  readonly port?: number;
  readonly verdict?: string;
  readonly up?: number;
  readonly down?: number;
}

/** A line of the proxy. */
export function connection(
  { name = 'pypi.org', port = 443, verdict = 'allowed', up = 0, down = 0 }: ConnectionLine,
  time = at,
): string {
  const line = {
    harden: 'egress',
    time: new Date(time).toISOString(),
    port,
    name,
    verdict,
    up,
    down,
    ms: 5,
    end: 'PR',
  };
  return `${prefix(time)}${JSON.stringify(line)}`;
}

/** What a client's question for both kinds of address leaves where the name is not on the list. */
export function refusedLookup(name: string, time = at): string[] {
  return ['A', 'AAAA'].flatMap((type) => [
    asked(`query[${type}] ${name} from 127.0.0.1`, time),
    asked(`config ${name} is NXDOMAIN`, time),
  ]);
}

/** The same for a name that is resolved. */
export function answeredLookup(name: string, address: string, time = at): string[] {
  return [
    asked(`query[A] ${name} from 127.0.0.1`, time),
    asked(`forwarded ${name} to 10.0.0.2`, time),
    asked(`query[AAAA] ${name} from 127.0.0.1`, time),
    asked(`forwarded ${name} to 10.0.0.2`, time),
    asked(`reply ${name} is ${address}`, time),
    asked(`reply ${name} is NODATA-IPv6`, time),
  ];
}
