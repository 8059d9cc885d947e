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

/** Splits at variables. A fallback ends at the next colon; nesting is not supported, as in the tools. */
export function splitVariables(text: string): readonly Part[] {
  if (!text.includes('$')) return text === '' ? [] : [{ kind: 'text', text }];
  const parts: Part[] = [];
  let done = 0;
  for (const [start, end] of findVariables(text)) {
    if (start > done) parts.push({ kind: 'text', text: text.slice(done, start) });
    parts.push(readVariable(text.slice(start, end)));
    done = end;
  }
  if (done < text.length) parts.push({ kind: 'text', text: text.slice(done) });
  return parts;
}

/** Start and end of each `${…}` and `$NAME`. No regular expression for both: it takes quadratic time on `${${${…`. */
function* findVariables(text: string): Iterable<readonly [number, number]> {
  const name = /[A-Za-z_]\w*/y;
  for (let at = text.indexOf('$'); at >= 0; ) {
    let end = at + 1;
    if (text[end] === '{') {
      end = text.indexOf('}', end) + 1;
      if (end === 0) return;
      yield [at, end];
    } else {
      name.lastIndex = end;
      end += name.exec(text)?.[0].length ?? 0;
      if (end > at + 1) yield [at, end];
    }
    at = text.indexOf('$', end);
  }
}

function readVariable(text: string): Part {
  const bare = text.startsWith('${') ? undefined : text.slice(1);
  const braced = text.slice(2, -1);
  if (bare !== undefined) return { kind: 'host', text, name: bare, fallback: '', shell: true };
  const [kind = '', name = '', fallback = ''] = braced.split(':');
  if (kind === 'localEnv' || kind === 'env') return { kind: 'host', text, name, fallback, shell: false };
  if (kind === 'localWorkspaceFolder') return { kind: 'workspace', text };
  if (/^(?:devcontainerId|(?:local|container)WorkspaceFolderBasename)$/.test(kind))
    return { kind: 'name', text };
  const shell = /^([A-Za-z_]\w*)(?::?[-?+](.*))?$/s.exec(braced);
  // `containerWorkspaceFolder` and its like have no place on the host, though they look like a shell variable.
  if (!shell?.[1] || /^container/.test(kind)) return { kind: 'unknown', text };
  return { kind: 'host', text, name: shell[1], fallback: shell[2] ?? '', shell: true };
}

/** Names of the host variables that `${localEnv:…}` and `${env:…}` put into a string, in order, each once. */
export function hostVariablesIn(text: string): readonly string[] {
  if (!text.includes('$')) return [];
  const names = splitVariables(text).flatMap((part) =>
    part.kind === 'host' && !part.shell ? [part.name] : [],
  );
  return [...new Set(names)].filter((name) => name !== '');
}

/** Splits at a separator that stands outside of `${…}`. */
export function splitOutsideVariables(text: string, separator: string): readonly string[] {
  if (!text.includes('$')) return text.split(separator);
  const pieces: string[][] = [[]];
  for (const part of splitVariables(text)) {
    const [first = '', ...others] = part.kind === 'text' ? part.text.split(separator) : [part.text];
    pieces.at(-1)?.push(first);
    for (const other of others) pieces.push([other]);
  }
  return pieces.map((piece) => piece.join(''));
}
