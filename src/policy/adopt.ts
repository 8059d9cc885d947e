import { applyEdits } from '../core/edit.js';
import { UserError } from '../core/errors.js';
import type { Finding } from '../core/rule.js';
import type { SourceFile, Span } from '../core/text.js';
import {
  elements,
  type JsonDocument,
  type JsonMember,
  type JsonNode,
  member,
  members,
  parseJson,
  plainValue,
  spanOf,
  stringValue,
} from '../documents/json.js';
import { removeNodes } from '../documents/json-edits.js';
import { normalizeConfiguration } from './adopt-normalize.js';
import { checkPolicy, type PolicyProblem } from './check.js';
import { unusableImage } from './debian-images.js';
import { refusalOf, sectionKeys } from './devcontainer-keys.js';
import type { SectionPath } from './devcontainer-section.js';
import { nameFrom } from './policy.js';
import { nodeAt } from './section-places.js';

/** What became of a value of the old file that does not stand in the section as it was. */
export interface AdoptionNote {
  readonly path: SectionPath;
  /** `kept`: in another place or form; `replaced`: something of ours does its work; `left`: it is gone. */
  readonly fate: 'kept' | 'replaced' | 'left';
  /** A sentence part. */
  readonly reason: string;
}

/** A devcontainer.json, divided into what the policy has a place for and the rest. */
export interface Adoption {
  /** The old file with everything in it that may stand in the section `devcontainer`. */
  readonly section: SourceFile;
  readonly name: string | undefined;
  /** The image to build on. */
  readonly image: string | undefined;
  readonly publish: readonly number[];
  /** Text of a compose file for the services beside the workspace. */
  readonly services: string | undefined;
  readonly notes: readonly AdoptionNote[];
}

/**
 * Takes an existing devcontainer.json apart. `findings` are lint's about it: they are the reasons for what is left out.
 *
 * @throws UserError where it is not readable as JSON, at the place.
 */
export function readAdoption(file: SourceFile, findings: readonly Finding[]): Adoption {
  const [problem] = parseJson(file).problems;
  if (problem)
    throw new UserError(`not readable as JSON: ${problem.message}`, { place: { file, at: problem.at } });
  const { section, notes } = normalizeConfiguration(file);
  const document = parseJson(section);
  if (document.root?.type !== 'object')
    throw new UserError('a dev container is described by an object', {
      place: { file, at: { start: 0, end: 0 } },
    });
  const told = findings.filter(({ place }) => place.file.path === file.path);
  const original = parseJson(file);
  const found: Found = { notes: [...notes], removed: [], publish: [], name: undefined, image: undefined };
  for (const each of members(document.root)) {
    const at = member(original.root, each.key)?.property;
    takeKey(each, found, at ? told.filter(({ place }) => isInside(place.at, spanOf(at))) : []);
  }
  return {
    section: without(document, found.removed),
    name: found.name,
    image: found.image,
    publish: found.publish,
    services: undefined,
    notes: found.notes,
  };
}

interface Found {
  readonly notes: AdoptionNote[];
  readonly removed: JsonNode[];
  readonly publish: number[];
  name: string | undefined;
  image: string | undefined;
}

/** Decides about one property; what is not removed stays in the section. */
function takeKey(property: JsonMember, found: Found, findings: readonly Finding[]): void {
  const { key, value } = property;
  if ((sectionKeys as readonly string[]).includes(key)) return;
  found.removed.push(value);
  if (key === 'name') takeName(value, found);
  else if (key === 'image') takeImage(value, found);
  else if (key === 'appPort') takePorts(value, found);
  else {
    const reason = refusalOf(key);
    const fate = reason === undefined || isLost(key) ? 'left' : 'replaced';
    const why = reason ?? 'no dev container tool reads a property of that name';
    found.notes.push({
      path: [key],
      fate,
      reason: [why, ...findings.map(({ message }) => message)].join('; lint: '),
    });
  }
}

/** Nothing in the rendered container does the work of these. */
function isLost(key: string): boolean {
  return [
    'initializeCommand',
    'mounts',
    'runArgs',
    'privileged',
    'capAdd',
    'securityOpt',
    'devPort',
  ].includes(key);
}

function takeName(value: JsonNode, found: Found): void {
  const text = stringValue(value) ?? '';
  if (text === '' || text.includes('${')) {
    found.notes.push({ path: ['name'], fate: 'replaced', reason: 'the policy needs a plain name' });
    return;
  }
  found.name = nameFrom(text);
  if (found.name !== text)
    found.notes.push({ path: ['name'], fate: 'kept', reason: `written as ${JSON.stringify(found.name)}` });
}

function takeImage(value: JsonNode, found: Found): void {
  const text = stringValue(value) ?? '';
  const problem = unusableImage(text);
  if (problem === undefined) {
    found.image = text;
    return;
  }
  const reason = `the image of the stacks takes the place of ${JSON.stringify(plainValue(value))}: ${problem}`;
  found.notes.push({ path: ['image'], fate: 'replaced', reason });
}

/** A port stands for the same one on the host's loopback. */
function takePorts(value: JsonNode, found: Found): void {
  for (const node of value.type === 'array' ? elements(value) : [value]) {
    const [, host, inner] =
      /^(?:(?:127\.0\.0\.1|localhost):)?(\d{1,5})(?::(\d{1,5}))?$/.exec(String(node.value)) ?? [];
    const port = Number(host);
    const isSame = host !== undefined && (inner === undefined || inner === host);
    if (isSame && port >= 1024 && port <= 65535) {
      if (!found.publish.includes(port)) found.publish.push(port);
      found.notes.push({
        path: ['appPort'],
        fate: 'kept',
        reason: `${port} stands under "publish" of the policy, on 127.0.0.1`,
      });
    } else
      found.notes.push({
        path: ['appPort'],
        fate: 'left',
        reason: `${JSON.stringify(plainValue(node))} is not one port from 1024 up, the same on both sides; use forwardPorts`,
      });
  }
}

/** The section without some of its values, which are given by their paths. A path that leads nowhere is passed over. */
export function dropPaths(section: SourceFile, paths: readonly SectionPath[]): SourceFile {
  const document = parseJson(section);
  return without(
    document,
    paths.flatMap((path) => nodeAt(document.root, path) ?? []),
  );
}

/** What the section says at a path. */
export function sectionValue(section: SourceFile, path: SectionPath): unknown {
  return plainValue(nodeAt(parseJson(section).root, path));
}

/** The text for the policy: the object from brace to brace, its lines ended by \n; undefined where nothing is in it. */
export function sectionText(section: SourceFile): string | undefined {
  const { root } = parseJson(section);
  if (!root || members(root).length === 0) return undefined;
  return section.text.slice(root.offset, root.offset + root.length).replace(/\r\n?/g, '\n');
}

/** Everything wrong in a policy's text, which is JSON with comments. */
export function checkText(policy: SourceFile): readonly PolicyProblem[] {
  return checkPolicy(plainValue(parseJson(policy).root));
}

function without(document: JsonDocument, nodes: readonly JsonNode[]): SourceFile {
  const { file } = document;
  return { path: file.path, text: applyEdits(file.text, removeNodes(document, nodes)) };
}

function isInside(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
