import type { Edit } from '../core/rule.js';
import { readEntry } from '../documents/allow-target.js';
import {
  elements,
  type JsonDocument,
  type JsonNode,
  member,
  placeOf,
  stringValue,
} from '../documents/json.js';
import { replaceNode } from '../documents/json-edits.js';
import type { AllowEntry } from './allow-entry.js';

/** What of a policy decides about egress, with its nodes. Values of a wrong type are left out: `init` refuses them. */
export interface PolicyDocument {
  readonly document: JsonDocument;
  readonly observe: JsonNode | undefined;
  /** Elements of `stacks`, `forges` and `agents` by their ids. */
  readonly users: ReadonlyMap<string, JsonNode>;
  readonly gateway: PolicyGateway | undefined;
  readonly without: ReadonlySet<string>;
  readonly allow: readonly PolicyEntry[];
  /** The key `allow`, or the whole policy where it has none. */
  readonly allowNode: JsonNode | undefined;
}

/** A company's model gateway: its address is open, the hosts of the agents behind it are closed. */
export interface PolicyGateway {
  readonly node: JsonNode;
  readonly host: string;
  readonly port: string;
  /** Undefined: every agent that can be told of it. */
  readonly agents: ReadonlySet<string> | undefined;
}

/** An entry of `allow` before anybody knows what was rendered from it. */
export interface PolicyEntry extends Omit<AllowEntry, 'remove' | 'removeAlone'> {
  readonly element: JsonNode;
}

export function readPolicy(document: JsonDocument): PolicyDocument {
  const { root } = document;
  const mode = member(root, 'mode')?.value;
  const users = ['stacks', 'forges', 'agents'].flatMap((key) => elements(member(root, key)?.value));
  const allow = member(root, 'allow');
  return {
    document,
    observe: stringValue(mode) === 'observe' ? mode : undefined,
    users: new Map(users.flatMap((node) => [[stringValue(node) ?? '', node] as const])),
    gateway: readGateway(member(member(root, 'models')?.value, 'gateway')?.value),
    without: new Set(elements(member(root, 'without')?.value).map((node) => stringValue(node) ?? '')),
    allow: elements(allow?.value).flatMap((element) => readElement(document, element) ?? []),
    allowNode: allow?.keyNode ?? root,
  };
}

function readGateway(section: JsonNode | undefined): PolicyGateway | undefined {
  const node = member(section, 'url')?.value;
  const url = stringValue(node) ?? '';
  if (!node || !URL.canParse(url)) return undefined;
  const { hostname, port } = new URL(url);
  const listed = member(section, 'agents')?.value;
  const agents = listed && new Set(elements(listed).map((element) => stringValue(element) ?? ''));
  return { node, host: hostname, port: port || '443', agents };
}

const webPorts = ['443', '80'];

function readElement(document: JsonDocument, element: JsonNode): PolicyEntry | undefined {
  const range = stringValue(member(element, 'range')?.value);
  const node =
    element.type === 'string' ? element : (member(element, 'host') ?? member(element, 'range'))?.value;
  const text = stringValue(node);
  if (!node || text === undefined) return undefined;
  const { target, flaws } = readEntry(text);
  const listed = elements(member(element, 'ports')?.value).map(({ value }) => String(value));
  const port = 'port' in target ? target.port : undefined;
  const isAddress = target.kind === 'addresses' && range === undefined;
  const isSingleLabel = target.kind === 'name' && !target.host.slice(1).includes('.');
  return {
    text,
    place: placeOf(document, node),
    reader: 'policy',
    isPrivate: member(element, 'private')?.value.value === true,
    target,
    ports: listed.length > 0 ? listed : port === undefined ? webPorts : [port],
    flaws: [
      ...flaws,
      ...(isAddress ? (['no-port'] as const) : []),
      ...(isSingleLabel && !text.startsWith('.') ? (['no-dot'] as const) : []),
    ],
    element,
    replace: (replacement) => replaceText(document, element, node, replacement),
  };
}

/** A port has no room in an object's host. */
function replaceText(
  document: JsonDocument,
  element: JsonNode,
  node: JsonNode,
  text: string,
): readonly Edit[] {
  return element !== node && text.includes(':') ? [] : replaceNode(document, node, text);
}
