import { editTwice } from '../core/edit.js';
import type { Fix } from '../core/rule.js';
import { textOf } from '../core/text.js';
import { member, parseJson } from '../documents/json.js';
import { setMember } from '../documents/json-edits.js';
import type { Container } from './container.js';
import { behindLast } from './dockerfile-additions.js';
import type { Start } from './firewall-starts.js';
import { offerFix } from './fixes.js';
import { userOfImage } from './images.js';

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
  // An image in which everything runs as root need not have sudo.
  const start = startsAsRoot(container) ? command.replace(/^sudo /, '') : command;
  const entry = behindLast(container, [`ENTRYPOINT ${start} && exec sleep infinity`]);
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

/** Whether the container's first process is root for certain. */
function startsAsRoot({ file, instructions, image, options }: Container): boolean {
  const { root } = parseJson(file);
  if (member(root, 'containerUser') || options.some(({ value }) => value.name === '--user')) return false;
  const stated = instructions.findLast(({ kept, keyword }) => kept && keyword === 'USER')?.words[0]?.text;
  const known = image && userOfImage(image.value);
  // What a label names is whom the tools run as: such an image starts as root.
  const user = stated ?? (known?.labelled ? 'root' : known?.user);
  return user !== undefined && /^(?:root|0)(?::|$)/.test(user);
}
