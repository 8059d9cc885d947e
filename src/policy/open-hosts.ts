import { applyEdits } from '../core/edit.js';
import type { SourceFile } from '../core/text.js';
import { member, parseJson } from '../documents/json.js';
import { appendElement, setMember } from '../documents/json-edits.js';
import { isBlank } from './change.js';
import { checkPolicy, type PolicyProblem } from './check.js';
import { splitPort } from './host-name.js';
import type { AllowedHost } from './options.js';

/** A host that somebody wants to open. */
export interface HostRequest {
  readonly host: string;
  /** Undefined: 443 and 80. */
  readonly ports: readonly number[] | undefined;
}

const webPorts = [443, 80];

/** Reads `NAME[:PORT]` each, one request for each name. Nothing is checked: what is no port becomes NaN. */
export function readRequests(entries: readonly string[]): HostRequest[] {
  const requests = new Map<string, HostRequest>();
  for (const entry of entries) {
    const { name, port } = splitPort(entry);
    const ports = port === undefined ? undefined : [Number(port)];
    const known = requests.get(name);
    const isSame = !known || (!known.ports && !ports);
    const all = isSame ? ports : [...new Set([...(known.ports ?? webPorts), ...(ports ?? webPorts)])];
    requests.set(name, { host: name, ports: all });
  }
  return [...requests.values()];
}

/** What is wrong with requests as they were typed, and with the reason for them. Pointers are those of a policy. */
export function checkRequests(entries: readonly string[], reason: string): readonly PolicyProblem[] {
  const policy = (allow: readonly unknown[]) => checkPolicy({ version: 1, name: 'name', allow });
  const problems = policy(entries);
  return problems.length > 0 ? problems : policy([{ host: 'a.example', reason }]);
}

/** Whether the hosts that are open already take the request in, with all of its ports. */
export function isOpen({ host, ports = webPorts }: HostRequest, open: readonly AllowedHost[]): boolean {
  const covers = (known: string) =>
    known === host || (known.startsWith('.') && (`.${host}`.endsWith(known) || host.endsWith(known)));
  const covering = open.filter((allowed) => covers(allowed.host));
  return ports.every((port) => covering.some((allowed) => allowed.ports.includes(port)));
}

/** The policy's text with the hosts behind those that it lists; comments and layout stay. All of it has been checked. */
export function openHosts(file: SourceFile, requests: readonly HostRequest[], reason: string): string {
  let text = file.text;
  for (const { host, ports } of requests) {
    const entry = { host, ...(ports && { ports }), reason };
    const document = parseJson({ path: file.path, text });
    if (!document.root) continue;
    const list = member(document.root, 'allow')?.value;
    // An object put between empty brackets would share their line.
    const isNew = !list || isBlank(document, list);
    text = applyEdits(
      text,
      isNew ? setMember(document, document.root, 'allow', [entry]) : appendElement(document, list, entry),
    );
  }
  return text;
}
