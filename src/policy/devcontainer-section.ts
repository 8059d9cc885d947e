import { applyEdits } from '../core/edit.js';
import type { Edit } from '../core/rule.js';
import {
  type JsonDocument,
  type JsonNode,
  member,
  parseJson,
  plainValue,
  stringValue,
} from '../documents/json.js';
import { appendElements, replaceNode, setMember, setMembers } from '../documents/json-edits.js';
import { refusedFeature } from './refused-features.js';

/** Keys down to a value of the section: `['customizations', 'vscode', 'settings', 'a.b']`. */
export type SectionPath = readonly (string | number)[];

/** Something of the section that cannot be in the container. */
export interface Refusal {
  readonly path: SectionPath;
  /** A sentence part: why. */
  readonly reason: string;
}

export interface SectionMerge {
  readonly text: string;
  /** Left out of the text. */
  readonly refused: readonly Refusal[];
}

type Section = Readonly<Record<string, unknown>>;

/**
 * The rendered devcontainer.json with the project's own part in it: what is rendered always wins, lists are joined, and
 * a command of a hook that is rendered too runs behind the rendered one. Comments of the rendered file stay.
 */
export function joinSection(path: string, rendered: string, section: Section): SectionMerge {
  const own = plainValue(parseJson({ path, text: rendered }).root) as Section;
  const refused: Refusal[] = [...refuseFeatures(section), ...refuseVariables(section, own)];
  let text = rendered;
  const isRefused = (at: SectionPath) => refused.some((one) => one.path.join('\0') === at.join('\0'));
  const edit = (make: (document: JsonDocument, root: JsonNode) => readonly Edit[]) => {
    const document = parseJson({ path, text });
    if (document.root) text = applyEdits(text, make(document, document.root));
  };
  for (const [key, value] of Object.entries(section)) {
    if (key.endsWith('Command')) edit((document, root) => addCommand(document, root, key, value));
    else edit((document, root) => join(document, root, key, prune(value, [key], isRefused), [key], refused));
  }
  return { text, refused };
}

/** The value without what is refused in it. */
function prune(value: unknown, at: SectionPath, isRefused: (at: SectionPath) => boolean): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !isRefused([...at, key]));
  return Object.fromEntries(kept.map(([key, inner]) => [key, prune(inner, [...at, key], isRefused)]));
}

function join(
  document: JsonDocument,
  parent: JsonNode,
  key: string,
  value: unknown,
  at: SectionPath,
  refused: Refusal[],
): readonly Edit[] {
  const present = member(parent, key)?.value;
  if (!present) return isEmptied(value) ? [] : setMember(document, parent, key, value);
  if (present.type === 'object' && isObject(value)) {
    const [known, added] = split(Object.entries(value), ([name]) => member(present, name) !== undefined);
    return [
      ...known.flatMap(([name, inner]) => join(document, present, name, inner, [...at, name], refused)),
      ...(added.length === 0 ? [] : setMembers(document, present, Object.fromEntries(added))),
    ];
  }
  if (present.type === 'array' && Array.isArray(value)) {
    const known = new Set(
      (plainValue(present) as unknown[]).map((each) => JSON.stringify(each).toLowerCase()),
    );
    return appendElements(
      document,
      present,
      value.filter((each) => !known.has(JSON.stringify(each).toLowerCase())),
    );
  }
  const rendered = plainValue(present);
  if (JSON.stringify(rendered) !== JSON.stringify(value))
    refused.push({ path: at, reason: `the container's own value is needed: ${JSON.stringify(rendered)}` });
  return [];
}

/** An object whose members were all refused. */
function isEmptied(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function addCommand(document: JsonDocument, root: JsonNode, key: string, value: unknown): readonly Edit[] {
  const present = member(root, key)?.value;
  const rendered = stringValue(present);
  if (!present || rendered === undefined) return setMember(document, root, key, value);
  return replaceNode(document, present, behind(rendered, value));
}

/** The command, in its own form, behind the rendered one; each of those that run side by side waits for itself. */
function behind(rendered: string, command: unknown): unknown {
  if (typeof command === 'string')
    return `${rendered} || exit 1
${command}`;
  if (Array.isArray(command))
    return ['/bin/sh', '-c', `${rendered} && exec "$@"`, 'harden-devcontainer', ...command];
  if (!isObject(command)) return command;
  const waiting = Object.entries(command).map(([name, one]) => [name, behind(rendered, one)]);
  // Last, and there even beside no other.
  return Object.fromEntries([...waiting, ['harden-devcontainer', rendered]]);
}

function* refuseFeatures({ features }: Section): Generator<Refusal> {
  for (const id of Object.keys(isObject(features) ? features : {})) {
    const reason = refusedFeature(id);
    if (reason !== undefined) yield { path: ['features', id], reason };
  }
}

/** The loader and the shell of PID 1, which is root, read these before any program of ours can clear them. */
const obeyedByRoot =
  /^(?:LD_|GLIBC_|MALLOC_|GCONV_PATH$|LOCPATH$|PATH$|BASH_|GIT_CONFIG_|ENV$|SHELLOPTS$|PS4$|IFS$|XTABLES_)/;

function* refuseVariables({ containerEnv, remoteEnv }: Section, rendered: Section): Generator<Refusal> {
  for (const name of namesOf(containerEnv)) {
    if (obeyedByRoot.test(name))
      yield {
        path: ['containerEnv', name],
        reason: 'the programs that start as root to set the firewall would obey it',
      };
  }
  // What tools are given comes over what the container has.
  const held = new Set(namesOf(rendered.containerEnv));
  for (const name of namesOf(remoteEnv)) {
    if (held.has(name) || /^(?:BASH_ENV|ENV|GIT_CONFIG_.*)$/.test(name))
      yield { path: ['remoteEnv', name], reason: "it would take the place of the container's own value" };
  }
}

function namesOf(variables: unknown): string[] {
  return isObject(variables) ? Object.keys(variables) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function split<T>(values: readonly T[], isFirst: (value: T) => boolean): [T[], T[]] {
  return [values.filter(isFirst), values.filter((value) => !isFirst(value))];
}
