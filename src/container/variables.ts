/** A stretch of a string as the dev container tools read it before use. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  /** A variable of the host: `${localEnv:NAME:fallback}`, or `$NAME` and `${NAME:-fallback}`, which only compose expands. */
  | {
      readonly kind: 'host';
      readonly text: string;
      readonly name: string;
      readonly fallback: string;
      readonly shell: boolean;
    }
  | { readonly kind: 'workspace'; readonly text: string }
  /** A name without slashes, such as `${devcontainerId}`. */
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'unknown'; readonly text: string };

const variable = /\$\{([^}]*)\}|\$([A-Za-z_]\w*)/g;

/** Splits at variables. A fallback ends at the next colon; nesting is not supported, as in the tools. */
export function splitVariables(text: string): readonly Part[] {
  const parts: Part[] = [];
  let done = 0;
  for (const match of text.matchAll(variable)) {
    if (match.index > done) parts.push({ kind: 'text', text: text.slice(done, match.index) });
    parts.push(readVariable(match[0], match[1], match[2]));
    done = match.index + match[0].length;
  }
  if (done < text.length) parts.push({ kind: 'text', text: text.slice(done) });
  return parts;
}

function readVariable(text: string, braced: string | undefined, bare: string | undefined): Part {
  if (bare !== undefined) return { kind: 'host', text, name: bare, fallback: '', shell: true };
  const [kind = '', name = '', fallback = ''] = (braced ?? '').split(':');
  if (kind === 'localEnv' || kind === 'env') return { kind: 'host', text, name, fallback, shell: false };
  if (kind === 'localWorkspaceFolder') return { kind: 'workspace', text };
  if (/^(?:devcontainerId|(?:local|container)WorkspaceFolderBasename)$/.test(kind))
    return { kind: 'name', text };
  const shell = /^([A-Za-z_]\w*)(?::?[-?+](.*))?$/s.exec(braced ?? '');
  // `containerWorkspaceFolder` and its like have no place on the host, though they look like a shell variable.
  if (!shell?.[1] || /^container/.test(kind)) return { kind: 'unknown', text };
  return { kind: 'host', text, name: shell[1], fallback: shell[2] ?? '', shell: true };
}

/** Names of the host variables that `${localEnv:…}` and `${env:…}` put into a string, in order, each once. */
export function hostVariablesIn(text: string): readonly string[] {
  const names = splitVariables(text).flatMap((part) =>
    part.kind === 'host' && !part.shell ? [part.name] : [],
  );
  return [...new Set(names)].filter((name) => name !== '');
}

/** Splits at a separator that stands outside of `${…}`. */
export function splitOutsideVariables(text: string, separator: string): readonly string[] {
  const pieces = [''];
  for (const piece of text.match(/\$\{[^}]*\}|[\s\S]/g) ?? []) {
    if (piece === separator) pieces.push('');
    else pieces[pieces.length - 1] += piece;
  }
  return pieces;
}
