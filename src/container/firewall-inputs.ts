import type { Place } from '../core/text.js';
import type { Container } from './container.js';
import type { Firewall } from './firewall-names.js';

const workspace =
  /^(?:\.{0,2}\/?\.?(?:[\w-]+\/)*\.devcontainer\/|\.{1,2}\/|\/workspaces?(?:\/|$)|\$\{?\w*[wW]orkspace)/;

/** A list below the workspace, in a script: `/workspace/.devcontainer/allowed-domains.txt`. */
const listPath =
  /(?<![\w./])\/workspaces?\/(?:[\w.@+-]{1,80}\/){0,12}[\w.@+-]{0,60}(?:allow|domain|whitelist|hosts|firewall|egress)[\w.@+-]{0,60}/gi;

/** Where a script that lies in the image reads what it lets out from the workspace, which the agent writes. */
export function findWorkspaceList({ file, starts, container }: Firewall): Place | undefined {
  if (!container || starts.length === 0 || starts.some(({ path }) => workspace.test(path))) return undefined;
  if (isConfigReadOnly(container)) return undefined;
  for (const match of file.text.slice(0, longest).matchAll(listPath)) {
    const lineStart = file.text.lastIndexOf('\n', match.index - 1) + 1;
    const line = file.text.slice(Math.max(lineStart, match.index - 400), match.index);
    const before = /^\s*#/.test(line) ? line : (line.split(/[;&|]/).at(-1) ?? '');
    // Said or remembered, not read.
    if (/^\s*#|\s#\s|\b(?:echo|printf|log|warn|say|cp|touch)\b|>{1,2}\s*["']?$/.test(before)) continue;
    if (/\.(?:sh|bash|py|json)$/.test(match[0])) continue;
    return { file, at: { start: match.index, end: match.index + match[0].length } };
  }
  return undefined;
}

const longest = 200_000;

/** Whether the configuration's folder is mounted over itself so that nobody in the container writes it. */
function isConfigReadOnly({ mounts }: Container): boolean {
  return mounts.some(
    ({ value: { target, readOnly, type } }) =>
      target?.endsWith('/.devcontainer') && (readOnly || type !== 'bind'),
  );
}
