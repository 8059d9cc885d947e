import type { Edit } from '../core/rule.js';
import { type JsonNode, member } from '../documents/json.js';
import { replaceNode } from '../documents/json-edits.js';
import type { Declared } from './container.js';
import { declare, listNodes, type Source, textOfNode } from './declare.js';
import { declareOption, isSwitchedOff, type RunOption } from './run-args.js';
import { splitOutsideVariables } from './variables.js';

/** A port of the container that the host listens on. */
export interface Port {
  /** As written, for messages. */
  readonly text: string;
  /** The host's address that it is bound to; undefined for all of them. */
  readonly address: string | undefined;
  /** The port inside, the first one of a range; undefined where a variable says it, or for all that the image names. */
  readonly inside: number | undefined;
}

export interface DeclaredPort extends Declared<Port> {
  /** The service of a compose file that it belongs to. */
  readonly service: string | undefined;
  /** Edits that bind it to the host's own address alone. */
  toLoopback(): readonly Edit[];
}

/** `appPort`, which is passed on as it is written but for numbers, and `-p` and `-P` of `runArgs`. */
export function readPorts(source: Source, options: readonly RunOption[]): readonly DeclaredPort[] {
  const own =
    source.compose || source.feature ? [] : listNodes(member(source.document.root, 'appPort')?.value);
  return [
    // The tools bind a number to 127.0.0.1.
    ...own.flatMap((node) => (node.type === 'string' ? readAppPort(source, node) : [])),
    ...options.flatMap(readOptionPort),
  ];
}

function readAppPort(source: Source, node: JsonNode): readonly DeclaredPort[] {
  const text = textOfNode(node)?.trim();
  if (!text) return [];
  const number = /^(?:(\d{1,5}):)?(\d{1,5})$/.exec(text);
  const isNumber = number && (number[1] ?? number[2]) === number[2];
  return [
    {
      ...declare(source, node, 'appPort', readShortPort(text)),
      service: undefined,
      toLoopback: () =>
        replaceNode(source.document, node, isNumber ? Number(number[2]) : toLoopbackShort(text)),
    },
  ];
}

function readOptionPort(option: RunOption): readonly DeclaredPort[] {
  const text = option.value?.trim() ?? '';
  const none = { service: undefined, toLoopback: () => [] };
  if (option.name === '--publish-all' && !isSwitchedOff(option)) {
    const value: Port = { text: 'every port that the image names', address: undefined, inside: undefined };
    return [{ ...declareOption(option, value), ...none }];
  }
  if (option.name !== '--publish' || text === '') return [];
  const toLoopback = () => option.setValue(toLoopbackShort(text));
  return [{ ...declareOption(option, readShortPort(text)), ...none, toLoopback }];
}

/** Reads `[address:][port:]port[/protocol]`. */
export function readShortPort(text: string): Port {
  const { address, ports } = splitPort(text);
  const [, inside] = /^(\d{1,5})(?:-\d{1,5})?$/.exec(ports.at(-1)?.replace(/\/\w+$/, '') ?? '') ?? [];
  return { text, address, inside: inside === undefined ? undefined : Number(inside) };
}

/** The same port, bound to 127.0.0.1; a port that the engine chooses stays one. */
export function toLoopbackShort(text: string): string {
  const { ports } = splitPort(text);
  return `127.0.0.1:${ports.length > 1 ? ports.join(':') : `:${ports[0]}`}`;
}

function splitPort(text: string): Pick<Port, 'address'> & { readonly ports: readonly string[] } {
  const [, bracketed, rest] = /^\[([^\]]*)\]:(.*)$/s.exec(text) ?? [];
  if (bracketed !== undefined && rest !== undefined)
    return { address: bracketed, ports: splitOutsideVariables(rest, ':') };
  const parts = splitOutsideVariables(text, ':');
  const address = parts.slice(0, -2).join(':');
  return { address: address === '' ? undefined : address, ports: parts.slice(-2) };
}

/** Whether machines beside the host reach it; not told of an address that only the host knows. */
export function isPublic({ address = '' }: Port): boolean {
  return /^(?:0\.0\.0\.0|::|::0|0:0:0:0:0:0:0:0|\*|)$/.test(address) || isOtherAddress(address);
}

function isOtherAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  return /^[\d.]+$|:/.test(plain) && !/^127\.|^::1$|\$/.test(plain);
}
