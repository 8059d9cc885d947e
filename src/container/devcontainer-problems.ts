import type { Edit, Persona, Severity } from '../core/rule.js';
import { isNear } from '../core/suggest.js';
import {
  elements,
  type JsonDocument,
  type JsonMember,
  type JsonNode,
  member,
  members,
  stringValue,
} from '../documents/json.js';
import { removeNodes, renameMember } from '../documents/json-edits.js';
import type { Container } from './container.js';
import {
  buildProperties,
  devcontainerProperties,
  inventedProtections,
  type PropertyShape,
  type PropertyShapes,
  portProperties,
} from './devcontainer-schema.js';
import { findMountProblem } from './mount-problems.js';
import { isProtection, readWrittenOptions } from './protections.js';
import { findRunProblems } from './run-problems.js';

/** Something in a devcontainer.json that the tools do not read as it is meant. */
export interface DevcontainerProblem {
  readonly node: JsonNode;
  readonly message: string;
  readonly severity?: Severity;
  readonly persona?: Persona;
  /** Edits that give a property the name that was meant. */
  readonly rename?: readonly Edit[];
  /** Edits that take it out, where the one that was meant is there too. */
  readonly removal?: readonly Edit[];
}

const wish = { severity: 'info', persona: 'pedantic' } as const;

/** Every such problem, properties first. Values that a Template or the host fills in are left alone. */
export function findDevcontainerProblems(
  document: JsonDocument,
  { source }: Container,
): readonly DevcontainerProblem[] {
  const { root } = document;
  const found: DevcontainerProblem[] = [];
  checkObject(document, root, devcontainerProperties, '', found);
  checkObject(document, member(root, 'build')?.value, buildProperties, 'build.', found);
  for (const { key, value } of members(member(root, 'portsAttributes')?.value))
    checkObject(document, value, portProperties, `portsAttributes.${key}.`, found);
  const others = member(root, 'otherPortsAttributes')?.value;
  checkObject(document, others, portProperties, 'otherPortsAttributes.', found);
  checkElements(root, found);
  checkVariables(root, found);
  checkPorts(root, found);
  if (source === 'compose') {
    checkCompose(document, found);
    return found;
  }
  for (const node of elements(member(root, 'mounts')?.value)) {
    const message = findMountProblem(stringValue(node));
    if (message !== undefined) found.push({ node, message });
  }
  const args = member(root, 'runArgs')?.value;
  if (args) found.push(...findRunProblems(args));
  return found;
}

function checkObject(
  document: JsonDocument,
  object: JsonNode | undefined,
  shapes: PropertyShapes,
  prefix: string,
  found: DevcontainerProblem[],
): void {
  for (const one of members(object)) {
    const { key, keyNode } = one;
    const shape = shapes.get(key);
    if (shape) {
      const problem = checkValue(one, shape, prefix);
      if (problem) found.push(problem);
    } else if (!isExtension(key) && !(prefix === '' && inventedProtections.includes(key))) {
      found.push({ node: keyNode, ...judgeUnknown(document, one, shapes, prefix) });
    }
  }
}

/** Keys that schemas leave to others, and comments in the form of keys. */
function isExtension(key: string): boolean {
  return /^(?:x-|\/\/|#|_|\$)/.test(key) || key.includes('${');
}

function judgeUnknown(
  document: JsonDocument,
  property: JsonMember,
  shapes: PropertyShapes,
  prefix: string,
): Omit<DevcontainerProblem, 'node'> {
  const { key, value } = property;
  const meant = findMeant(key, namesOf(shapes));
  if (meant === undefined)
    return {
      message: `the property ${prefix}${key} has no effect: the specification knows none of that name`,
      ...wish,
    };
  const canRename = document.problems.length === 0 && isFit(meant, value, shapes.get(meant));
  return {
    message: `the property ${prefix}${key} has no effect; did you mean ${prefix}${meant}?`,
    rename: canRename ? renameMember(document, property, meant) : [],
    removal: member(property.property.parent, meant) ? removeNodes(document, [property.property]) : [],
  };
}

/** Whether a value could stand there: under a name that does not suit it, it would be the next thing to mend. */
function isFit(name: string, value: JsonNode, shape: PropertyShape | undefined): boolean {
  if (!shape?.types.includes(value.type)) return false;
  if (shape.words && !shape.words.includes(stringValue(value) ?? '')) return false;
  if (name === 'forwardPorts') return elements(value).every(isPort);
  return !textLists.includes(name) || elements(value).every(({ type }) => type === 'string');
}

/** Names that other files use for the same thing. */
const elsewhere: Readonly<Record<string, string>> = {
  ports: 'forwardPorts',
  volumes: 'mounts',
  env: 'containerEnv',
  environment: 'containerEnv',
  cap_add: 'capAdd',
  security_opt: 'securityOpt',
};

/** The property that a name was meant to be: only where that is plain, for a wrong guess helps nobody. */
function findMeant(key: string, names: readonly Name[]): string | undefined {
  if (key.length > 40) return undefined;
  const own = flat(key);
  const same = names.find((one) => one.flat === own);
  if (same !== undefined) return same.name;
  const other = Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined;
  if (names.some(({ name }) => name === other)) return other;
  const begun = names.filter(({ name }) => key.length >= 6 && name.startsWith(key));
  if (begun.length === 1) return begun[0]?.name;
  const allowed = key.length < 6 ? 1 : 2;
  return names.find((one) => one.name.length > 4 && isNear(own, one.flat, allowed))?.name;
}

interface Name {
  readonly name: string;
  readonly flat: string;
}

// A hostile file has many thousand properties that nobody knows.
const known = new WeakMap<object, readonly Name[]>();

function namesOf(shapes: PropertyShapes): readonly Name[] {
  const names = known.get(shapes) ?? [...shapes.keys()].map((name) => ({ name, flat: flat(name) }));
  known.set(shapes, names);
  return names;
}

function flat(text: string): string {
  return text.toLowerCase().replace(/[-_]/g, '');
}

function checkValue(
  { key, value }: JsonMember,
  { types, words }: PropertyShape,
  prefix: string,
): DevcontainerProblem | undefined {
  const isNull = value.type === 'null';
  const isKnown = !isNull && types.includes(value.type);
  if (isKnown && !words) return undefined;
  const name = `${prefix}${key}`;
  if (isNull) return { node: value, message: `${name} is null, as if it were not there`, ...wish };
  const text = stringValue(value);
  if (text?.includes('${templateOption')) return undefined;
  if (!isKnown) {
    // Of a true value that is no boolean the rule about privileged containers speaks.
    if (key === 'privileged' && value.value) return undefined;
    const expected = types.map((type) => titles[type]).join(' or ');
    return {
      node: value,
      message: `${name} is ${titles[value.type]} where ${expected} belongs: the tools misread it or leave it out`,
    };
  }
  if (words && text !== undefined && !words.includes(text))
    return { node: value, message: `${name} is "${text}", which is none of ${words.join(', ')}` };
  return undefined;
}

const titles: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const textLists = ['capAdd', 'securityOpt', 'runServices', 'overrideFeatureInstallOrder', 'extensions'];

function checkElements(root: JsonNode | undefined, found: DevcontainerProblem[]): void {
  for (const key of textLists)
    for (const node of elements(member(root, key)?.value))
      if (node.type !== 'string')
        found.push({ node, message: `an element of ${key} is ${titles[node.type]}: each is a text` });
  for (const node of elements(member(root, 'mounts')?.value))
    if (node.type !== 'string' && node.type !== 'object')
      found.push({
        node,
        message: `an element of mounts is ${titles[node.type]}: each is a text or an object`,
      });
}

function checkVariables(root: JsonNode | undefined, found: DevcontainerProblem[]): void {
  for (const name of ['containerEnv', 'remoteEnv'])
    for (const { key, value: node } of members(member(root, name)?.value)) {
      if (node.type === 'string' || (node.type === 'null' && name === 'remoteEnv')) continue;
      if (node.type === 'null')
        found.push({ node, message: `${name}.${key} is null, which the container gets as the text "null"` });
      else {
        const isSimple = node.type === 'number' || node.type === 'boolean';
        const message = `${name}.${key} is ${titles[node.type]}: variables are texts`;
        found.push({ node, message, ...(isSimple && wish) });
      }
    }
}

function checkPorts(root: JsonNode | undefined, found: DevcontainerProblem[]): void {
  for (const node of elements(member(root, 'forwardPorts')?.value)) {
    if (isPort(node)) continue;
    const shown = node.value === undefined ? titles[node.type] : String(node.value).slice(0, 40);
    const message = `forwardPorts holds ${shown}: each is a port number or "host:port"`;
    found.push({ node, message, severity: 'info' });
  }
}

function isPort({ type, value }: JsonNode): boolean {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value <= 65535;
  if (type !== 'number' && type !== 'string') return false;
  const text = String(value);
  const [, port = ''] = /^(?:[\w.-]+:)?(\d{1,5})$/.exec(text) ?? [];
  return text.includes('${') || (port !== '' && Number(port) <= 65535);
}

/** What the command-line tool pastes into the file that it writes for compose, without quotes. */
const pasted = ['containerUser', 'capAdd', 'securityOpt', 'mounts'];

function checkCompose(document: JsonDocument, found: DevcontainerProblem[]): void {
  const { root } = document;
  for (const key of pasted) {
    const value = member(root, key)?.value;
    const nodes = value?.type === 'array' ? elements(value) : value ? [value] : [];
    for (const node of nodes)
      if (hasControl(stringValue(node) ?? ''))
        found.push({
          node,
          message: `${key} holds a control character: under compose the text behind it becomes keys of the service`,
          severity: 'error',
        });
  }
  for (const key of ['runArgs', 'appPort', 'workspaceMount']) {
    const lost = member(root, key);
    const isEmpty = lost?.value.type === 'array' && elements(lost.value).length === 0;
    // Protections that are lost are judged by a rule of their own.
    if (lost && !isEmpty && !(key === 'runArgs' && readWrittenOptions(document).some(isProtection)))
      found.push({
        node: lost.keyNode,
        message: `${key} has no effect with dockerComposeFile: what it asks for belongs in the service`,
        severity: 'info',
      });
  }
}

function hasControl(text: string): boolean {
  return /[\u0000-\u001f\u007f-\u009f]/.test(text);
}
