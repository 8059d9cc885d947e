import { editTwice } from '../core/edit.js';
import type { Fix } from '../core/rule.js';
import { textOf } from '../core/text.js';
import { parseJson } from '../documents/json.js';
import { setMember } from '../documents/json-edits.js';
import type { Container } from './container.js';
import { behindLast } from './dockerfile-additions.js';
import type { Start } from './firewall-starts.js';
import { offerFix } from './fixes.js';

/**
 * The firewall as what the container starts with, in place of a hook: nothing runs before it, and where it fails the
 * container ends. Offered where the hook does nothing else, the script lies in the image that the Dockerfile makes, and that
 * starts with nothing of its own.
 */
export function offerEntry({ origin, from }: Start, container: Container): readonly Fix[] {
  const { file, source, instructions, lifecycle, capabilities, privileged } = container;
  const hook = lifecycle.find(
    ({ value, place }) => value.hook === from && place.at.start === origin.at.start,
  );
  const command = /^"((?:sudo )?\/[\w./-]{1,200})"$/.exec(textOf(origin))?.[1];
  const starts = instructions.some(({ kept, keyword }) => kept && /^(?:ENTRYPOINT|CMD)$/.test(keyword));
  const mayFilter =
    privileged.length > 0 || capabilities.some(({ value }) => /^(?:NET_ADMIN|ALL)$/.test(value));
  if (!mayFilter || source !== 'dockerfile' || !hook || !command || starts || origin.file !== file) return [];
  const entry = behindLast(container, [`ENTRYPOINT ${command} && exec sleep infinity`]);
  const config = editTwice(file, hook.remove(), (changed) => {
    const document = parseJson(changed);
    return document.root ? setMember(document, document.root, 'overrideCommand', false) : [];
  });
  if (entry.length === 0 || config.length === 0) return [];
  return offerFix(
    'set it in the ENTRYPOINT',
    'the container ends where the firewall fails, and what its image starts by itself no longer runs',
    [...entry, ...config],
  );
}
