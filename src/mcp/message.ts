import { type Member, readMembers } from './members.js';

export type Id = string | number;

/** A JSON-RPC message by its parts; values are bytes as they came. */
export interface Message {
  readonly method: string | undefined;
  readonly id: Id | undefined;
  readonly params: Uint8Array | undefined;
  readonly isAnswer: boolean;
  /** Only in an answer. */
  readonly result: Uint8Array | undefined;
}

/** JSON-RPC's own codes, and the first of those that are left to servers. */
export const codes = {
  parse: -32700,
  request: -32600,
  method: -32601,
  params: -32602,
  host: -32000,
} as const;

const longestId = 256;

/** The parts of one line; a sentence part where it is no message of JSON-RPC 2.0. */
export function readMessage(line: Uint8Array): Message | string {
  const members = readMembers(line);
  if (!members) return isArray(line) ? 'batches are not part of the protocol' : 'it is no JSON object';
  const bytes = (key: string) => bytesOf(line, members, key);
  const version = bytes('jsonrpc');
  if (!version || parseBytes(version) !== '2.0') return 'it does not say "jsonrpc": "2.0"';
  const rawId = bytes('id');
  const id = rawId && readId(rawId);
  const methodBytes = bytes('method');
  const method = methodBytes && methodBytes.length < 1000 ? parseBytes(methodBytes) : undefined;
  const result = bytes('result');
  const isAnswer = methodBytes === undefined && (result !== undefined || bytes('error') !== undefined);
  if (rawId && id === undefined && !isAnswer) return 'its id is neither a number nor a short text';
  if (!isAnswer && typeof method !== 'string') return 'it has no method';
  return {
    method: typeof method === 'string' ? method : undefined,
    id,
    params: bytes('params'),
    isAnswer,
    result,
  };
}

/** The value of a member as it stands there. */
export function bytesOf(line: Uint8Array, members: readonly Member[], key: string): Uint8Array | undefined {
  const found = members.find((member) => member.key === key);
  return found && line.subarray(found.start, found.end);
}

/** The parsed value, undefined where it is not JSON. */
export function parseBytes(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function readId(bytes: Uint8Array): Id | undefined {
  if (bytes.length > longestId) return undefined;
  const value = parseBytes(bytes);
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
    ? value
    : undefined;
}

function isArray(line: Uint8Array): boolean {
  return Buffer.from(line.subarray(0, 64)).toString('latin1').trimStart().startsWith('[');
}

/** Undefined as an id is JSON-RPC's null: nobody knows which request it was. */
export function errorLine(id: Id | undefined, code: number, message: string): Buffer {
  return toLine({ jsonrpc: '2.0', id: id ?? null, error: { code, message } });
}

export function toLine(message: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(message)}\n`);
}

/**
 * The message for the other side, made anew of known members: what readers could take in two ways does not go on. The values
 * stay as they came, numbers too long for JavaScript too. Undefined where `params` is no object.
 */
export function rebuild(
  method: string,
  id: Id | undefined,
  params: Uint8Array | undefined,
  names: readonly string[],
): Buffer | undefined {
  const members = params === undefined ? [] : readMembers(params);
  if (!members) return undefined;
  const parts: Uint8Array[] = [
    Buffer.from(
      `{"jsonrpc":"2.0",${id === undefined ? '' : `"id":${JSON.stringify(id)},`}"method":${JSON.stringify(method)},"params":{`,
    ),
  ];
  for (const { key, start, end } of members) {
    if (!params || !names.includes(key)) continue;
    parts.push(
      Buffer.from(`${parts.length > 1 ? ',' : ''}${JSON.stringify(key)}:`),
      params.subarray(start, end),
    );
  }
  return Buffer.concat([...parts, Buffer.from('}}\n')]);
}

/** The id of a line of which only the ends are known; both are looked at, because libraries write it at either. */
export function idNear(head: Buffer, tail: Buffer): Id | undefined {
  const pattern = /"id"\s{0,4}:\s{0,4}(-?\d{1,15}|"[^"\\]{1,100}")\s{0,4}[,}]/;
  const found = pattern.exec(tail.toString('latin1')) ?? pattern.exec(head.toString('latin1'));
  return found?.[1] === undefined ? undefined : (JSON.parse(found[1]) as Id);
}
