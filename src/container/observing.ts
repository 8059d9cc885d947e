import type { Edit } from '../core/rule.js';
import type { Place, SourceFile } from '../core/text.js';
import { placeOf } from '../documents/json.js';
import { replaceNode } from '../documents/json-edits.js';
import type { Container } from './container.js';
import type { EgressFiles } from './egress-files.js';

/** Where a firewall is told to refuse nothing. */
export interface Observing {
  readonly place: Place;
  /** The other file that says the same. */
  readonly also: Place | undefined;
  /** Edits that end it in every file that `init` has marked with it. */
  enforce(): readonly Edit[];
}

export function findObserving({ policy, mode }: EgressFiles, container: Container | undefined): Observing[] {
  const word = mode && /^observe(?=[ \t\r]*(?:\n|$))/.exec(mode.text);
  const inMode = mode && word ? { file: mode, at: { start: 0, end: word[0].length } } : undefined;
  const others = () => [
    ...(inMode ? [{ file: inMode.file.path, at: inMode.at, text: 'enforce' }] : []),
    ...(container ? removeMarks(container.file) : []),
  ];
  const node = policy?.observe;
  if (policy && node) {
    const enforce = () => [...replaceNode(policy.document, node, 'enforce'), ...others()];
    return [{ place: placeOf(policy.document, node), also: inMode, enforce }];
  }
  return inMode ? [{ place: inMode, also: undefined, enforce: others }] : [];
}

/** What `init` writes into devcontainer.json so that nobody overlooks the mode. */
const marks = [/^\/\/ OBSERVE:[^\n]*\n/, / \(OBSERVE: egress open\)(?=",?\r?\n)/];

function removeMarks({ path, text }: SourceFile): Edit[] {
  return marks.flatMap((mark) => {
    const found = mark.exec(text);
    return found
      ? [{ file: path, at: { start: found.index, end: found.index + found[0].length }, text: '' }]
      : [];
  });
}
