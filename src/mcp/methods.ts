/** What a server may do besides offering tools. */
export const features = ['resources', 'prompts', 'sampling', 'elicitation'] as const;
export type Feature = (typeof features)[number];

interface Method {
  /** The members of `params` that go on; others are left out: readers that ignore case would take `Name` for `name`. */
  readonly params: readonly string[];
  /** One of them must be declared; an empty list needs none. */
  readonly needs: readonly Feature[];
}

const resources = { needs: ['resources'] } as const;
const prompts = { needs: ['prompts'] } as const;

/**
 * What a client may ask of a server. Everything else is refused, methods of a later protocol too.
 * Source: the MCP specification, revision 2025-11-25.
 */
export const clientRequests: Readonly<Record<string, Method>> = {
  initialize: { params: ['protocolVersion', 'capabilities', 'clientInfo', '_meta'], needs: [] },
  ping: { params: ['_meta'], needs: [] },
  'tools/list': { params: ['cursor', '_meta'], needs: [] },
  'tools/call': { params: ['name', 'arguments', '_meta'], needs: [] },
  'logging/setLevel': { params: ['level', '_meta'], needs: [] },
  'completion/complete': { params: ['ref', 'argument', 'context', '_meta'], needs: ['resources', 'prompts'] },
  'resources/list': { params: ['cursor', '_meta'], ...resources },
  'resources/templates/list': { params: ['cursor', '_meta'], ...resources },
  'resources/read': { params: ['uri', '_meta'], ...resources },
  'resources/subscribe': { params: ['uri', '_meta'], ...resources },
  'resources/unsubscribe': { params: ['uri', '_meta'], ...resources },
  'prompts/list': { params: ['cursor', '_meta'], ...prompts },
  'prompts/get': { params: ['name', 'arguments', '_meta'], ...prompts },
};

/** Of these somebody may want to know afterwards. */
export const recorded: ReadonlySet<string> = new Set(['tools/call', 'resources/read', 'prompts/get']);

/** `notifications/roots/list_changed` is not among them: see {@link keepClientCapabilities}. */
export const clientNotices: Readonly<Record<string, Method>> = {
  'notifications/initialized': { params: ['_meta'], needs: [] },
  'notifications/cancelled': { params: ['requestId', 'reason', '_meta'], needs: [] },
  'notifications/progress': { params: ['progressToken', 'progress', 'total', 'message', '_meta'], needs: [] },
};

export const serverRequests: Readonly<Record<string, readonly Feature[]>> = {
  ping: [],
  'sampling/createMessage': ['sampling'],
  'elicitation/create': ['elicitation'],
};

export const serverNotices: Readonly<Record<string, readonly Feature[]>> = {
  'notifications/message': [],
  'notifications/progress': [],
  'notifications/cancelled': [],
  'notifications/tools/list_changed': [],
  'notifications/resources/list_changed': ['resources'],
  'notifications/resources/updated': ['resources'],
  'notifications/prompts/list_changed': ['prompts'],
  'notifications/elicitation/complete': ['elicitation'],
};

export function isDeclared(needs: readonly Feature[], declared: ReadonlySet<Feature>): boolean {
  return needs.length === 0 || needs.some((feature) => declared.has(feature));
}

/**
 * What the server learns that the client can do. Never `roots`: a client says with them which folders a server works in, and
 * servers believe it; from inside a container it would name folders of the host.
 */
export function keepClientCapabilities(
  value: unknown,
  declared: ReadonlySet<Feature>,
): Record<string, unknown> {
  return pick(
    value,
    ['sampling', 'elicitation'].filter((name) => declared.has(name as Feature)),
  );
}

export function keepServerCapabilities(
  value: unknown,
  declared: ReadonlySet<Feature>,
): Record<string, unknown> {
  const both = (['resources', 'prompts'] as const).filter((name) => declared.has(name));
  return pick(value, ['tools', 'logging', ...both, ...(both.length > 0 ? ['completions'] : [])]);
}

function pick(value: unknown, names: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  const members = value as Record<string, unknown>;
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(members, name)).map((name) => [name, members[name]]),
  );
}
