import { applyEdits } from '../core/edit.js';
import type { Edit } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import {
  elements,
  type JsonDocument,
  type JsonNode,
  member,
  parseJson,
  stringValue,
} from '../documents/json.js';
import { appendElement, replaceNode, setMember } from '../documents/json-edits.js';
import { checkPolicy, type PolicyProblem } from './check.js';
import { splitPort } from './host-name.js';
import type { ImportedServer } from './import-servers.js';
import type { Protection } from './protect.js';
import type { RawServer } from './servers.js';

/**
 * Decisions of the command line or the wizard, as they were typed: nothing here is checked yet.
 * Undefined leaves what the policy says; `without`, `allow` and `mcp` add to it.
 */
export interface PolicyChange {
  readonly name?: string | undefined;
  readonly stacks?: readonly string[] | undefined;
  readonly agents?: readonly string[] | undefined;
  readonly forges?: readonly string[] | undefined;
  readonly localModels?: readonly string[] | undefined;
  /** Address of a company's model gateway. */
  readonly gateway?: string | undefined;
  readonly without?: readonly string[] | undefined;
  readonly allow?: readonly string[] | undefined;
  /** A port that is no number stays text, so that checking names it. */
  readonly mcp?: readonly { readonly name: string; readonly port: number | string }[] | undefined;
  /** Servers behind the gate; one whose name the policy has already is left out. */
  readonly servers?: readonly (ImportedServer | RawServer)[] | undefined;
  readonly protect?: Protection | undefined;
  readonly caCertificates?: string | undefined;
  readonly image?: string | undefined;
  /** For a new policy alone. */
  readonly composeFiles?: readonly string[] | undefined;
  readonly targets?: readonly string[] | undefined;
  readonly acceptedLosses?: readonly string[] | undefined;
  readonly mcpTransport?: string | undefined;
  readonly shape?: string | undefined;
  readonly mode?: string | undefined;
  /** Ports; one that is no number stays text, so that checking names it. Adds to what is published. */
  readonly publish?: readonly (number | string)[] | undefined;
}

/** What is wrong with the change itself, before it meets a policy. Pointers are those of a policy. */
export function checkChange(change: PolicyChange): readonly PolicyProblem[] {
  const {
    name = 'name',
    stacks = [],
    agents = [],
    forges = [],
    localModels = [],
    without = [],
    allow = [],
    mcp = [],
    servers = [],
    publish = [],
  } = change;
  const { caCertificates, image, targets, acceptedLosses, mcpTransport, shape, mode, gateway, protect } =
    change;
  const models = { local: localModels, ...(gateway !== undefined && { gateway: { url: gateway } }) };
  const chosen = { caCertificates, image, targets, acceptedLosses, mcpTransport, shape, mode, protect };
  const given = Object.entries(chosen).filter(([, value]) => value !== undefined);
  return checkPolicy({
    version: 1,
    name,
    stacks,
    agents,
    forges,
    models,
    without,
    allow,
    mcp: [...mcp, ...servers],
    publish,
    ...Object.fromEntries(given),
  });
}

/**
 * The policy's text with the change in it; comments and layout stay. The policy has been parsed without an error and
 * the change has been checked.
 */
export function changePolicy(file: SourceFile, change: PolicyChange): string {
  const { name, stacks, agents, forges, localModels, gateway, without = [], allow = [] } = change;
  const { mcp = [], servers = [], publish = [], caCertificates, shape, mode, protect } = change;
  const { targets, acceptedLosses, mcpTransport } = change;
  let text = file.text;
  const edit = (make: (document: JsonDocument, root: JsonNode) => readonly Edit[]) => {
    // One at a time: two insertions at one place would not know of each other's commas.
    const document = parseJson({ path: file.path, text });
    if (document.root) text = applyEdits(text, make(document, document.root));
  };
  const set = (key: string, value: unknown) =>
    edit((document, root) => setUnlessEqual(document, root, key, value));
  if (name !== undefined) set('name', name);
  if (stacks !== undefined) set('stacks', stacks);
  if (agents !== undefined) set('agents', agents);
  if (forges !== undefined) set('forges', forges);
  if (localModels !== undefined) edit((document, root) => setModel(document, root, 'local', localModels));
  if (gateway !== undefined) edit((document, root) => setGateway(document, root, gateway));
  if (shape !== undefined) set('shape', shape);
  if (mode !== undefined) set('mode', mode);
  if (targets !== undefined) set('targets', targets);
  if (acceptedLosses !== undefined) set('acceptedLosses', acceptedLosses);
  if (mcpTransport !== undefined) set('mcpTransport', mcpTransport);
  for (const port of publish) edit((document, root) => addPort(document, root, port));
  for (const host of without) edit((document, root) => addText(document, root, 'without', host));
  for (const entry of allow) edit((document, root) => addHost(document, root, entry));
  for (const server of mcp) edit((document, root) => addServer(document, root, server));
  for (const server of servers) edit((document, root) => addImported(document, root, server));
  if (protect !== undefined) set('protect', protect);
  if (caCertificates !== undefined) set('caCertificates', caCertificates);
  return text;
}

function setUnlessEqual(
  document: JsonDocument,
  root: JsonNode,
  key: string,
  value: unknown,
): readonly Edit[] {
  const present = member(root, key)?.value;
  if (present && Array.isArray(value)) {
    const listed = elements(present).map((element) => element.value as unknown);
    if (listed.length === value.length && listed.every((element, index) => element === value[index]))
      return [];
  }
  return present && present.value === value ? [] : setMember(document, root, key, value);
}

function setModel(document: JsonDocument, root: JsonNode, key: string, value: unknown): readonly Edit[] {
  const section = member(root, 'models')?.value;
  return section
    ? setUnlessEqual(document, section, key, value)
    : setMember(document, root, 'models', { [key]: value });
}

/** Which agents use it stays. */
function setGateway(document: JsonDocument, root: JsonNode, url: string): readonly Edit[] {
  const present = member(member(root, 'models')?.value, 'gateway')?.value;
  return present
    ? setUnlessEqual(document, present, 'url', url)
    : setModel(document, root, 'gateway', { url });
}

function addHost(document: JsonDocument, root: JsonNode, entry: string): readonly Edit[] {
  const list = member(root, 'allow')?.value;
  if (!list) return setMember(document, root, 'allow', [entry]);
  return elements(list).some((element) => allows(element, entry)) ? [] : appendElement(document, list, entry);
}

function addText(document: JsonDocument, root: JsonNode, key: string, text: string): readonly Edit[] {
  const list = member(root, key)?.value;
  if (!list) return setMember(document, root, key, [text]);
  return elements(list).some(({ value }) => value === text) ? [] : appendElement(document, list, text);
}

/** Whether an entry of the list says the same as the new one, in either form. */
function allows(element: JsonNode, entry: string): boolean {
  if (element.type === 'string') return element.value === entry;
  const { name, port } = splitPort(entry);
  if (stringValue(member(element, 'host')?.value) !== name) return false;
  const ports = member(element, 'ports')?.value;
  if (port === undefined || !ports) return port === undefined && !ports;
  return elements(ports).some((each) => String(each.value) === port);
}

function addPort(document: JsonDocument, root: JsonNode, port: number | string): readonly Edit[] {
  const list = member(root, 'publish')?.value;
  if (!list) return setMember(document, root, 'publish', [port]);
  const same = elements(list).some((each) => (member(each, 'port')?.value ?? each).value === port);
  return same ? [] : appendElement(document, list, port);
}

function addServer(
  document: JsonDocument,
  root: JsonNode,
  server: { readonly name: string; readonly port: number | string },
): readonly Edit[] {
  const list = member(root, 'mcp')?.value;
  // An empty list is written anew: an object put between its brackets would share their line.
  if (!list || isBlank(document, list)) return setMember(document, root, 'mcp', [server]);
  const same = elements(list).find((element) => member(element, 'name')?.value.value === server.name);
  if (!same) return appendElement(document, list, server);
  const port = member(same, 'port')?.value;
  return !port || port.value === server.port ? [] : replaceNode(document, port, server.port);
}

function addImported(
  document: JsonDocument,
  root: JsonNode,
  server: ImportedServer | RawServer,
): readonly Edit[] {
  const list = member(root, 'mcp')?.value;
  if (!list || isBlank(document, list)) return setMember(document, root, 'mcp', [server]);
  const isKnown = elements(list).some((element) => member(element, 'name')?.value.value === server.name);
  return isKnown ? [] : appendElement(document, list, server);
}

/** Whether nothing stands between the brackets, not even a comment. */
export function isBlank({ file }: JsonDocument, list: JsonNode): boolean {
  return /^\[\s*\]$/.test(file.text.slice(list.offset, list.offset + list.length));
}
