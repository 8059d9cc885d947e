/** An address as far as its text tells; `${…}` may stand anywhere in it. */
export interface Address {
  /** Lower case, without the colon: `https`. */
  readonly scheme: string;
  /** Lower case, without port and brackets; '' where a variable decides it. */
  readonly host: string;
  /** A user or a password stands before the host. */
  readonly hasUser: boolean;
  readonly query: string;
}

export function readAddress(text: string): Address | undefined {
  const [, scheme, user, host, query = ''] =
    /^\s*([a-z][a-z0-9+.-]*):\/\/(?:([^/?#@]*)@)?(\[[^\]/]*\]|[^/?#:@]*)[^?#]*(?:\?([^#]*))?/i.exec(text) ??
    [];
  if (scheme === undefined || host === undefined) return undefined;
  const name = /[${}]/.test(host)
    ? ''
    : host
        .replace(/^\[|\]$/g, '')
        .toLowerCase()
        .replace(/\.$/, '');
  return { scheme: scheme.toLowerCase(), host: name, hasUser: user !== undefined && user !== '', query };
}

/** The machine itself, the container's host, or a service of the same compose network, which has no dot in its name. */
export function isNear(host: string): boolean {
  if (
    host === '' ||
    /^(?:localhost|.+\.localhost|host\.(?:docker|containers)\.internal|gateway\.docker\.internal)$/.test(host)
  )
    return true;
  if (/^127\.|^0\.0\.0\.0$/.test(host) || host === '::1' || host === '::') return true;
  return !host.includes('.') && !host.includes(':');
}

/** An IPv4 or IPv6 address in place of a name. */
export function isLiteral(host: string): boolean {
  return /^\d+(?:\.\d+){3}$/.test(host) || host.includes(':');
}

/** An address of a private network. */
export function isPrivate(host: string): boolean {
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:)/.test(host);
}

/** Where clouds hand out the machine's own credentials. */
export function isMetadata(host: string): boolean {
  return /^(?:169\.254\.|metadata\.google\.internal$|fd00:ec2::254$|100\.100\.100\.200$|168\.63\.129\.16$)/.test(
    host,
  );
}
