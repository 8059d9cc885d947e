/** Values of variables by name, as a `.env` file states them. */
export type Variables = ReadonlyMap<string, string>;

/** A longer text is no value of a real file; variables that hold variables could make one of gigabytes. */
const longest = 100_000;

/** Defaults in defaults: more levels than these are left as they are written. */
const deepest = 20;

/**
 * Puts values in place of `$NAME` and `${NAME}` as compose does: `:-` and `-` give a default, `:?` and `?` demand a
 * value, `:+` and `+` replace one, `$$` is a dollar sign. The environment is not read: a variable that the file does
 * not state stays as `${NAME}`, unless it has a default. `dollar` is what `$$` becomes.
 */
export function interpolate(text: string, variables: Variables, dollar = '$'): string {
  return text.includes('$') ? expand(text, { variables, dollar }, 0) : text;
}

interface Context {
  readonly variables: Variables;
  readonly dollar: string;
}

function expand(text: string, context: Context, depth: number): string {
  const parts: string[] = [];
  let length = 0;
  let done = 0;
  const add = (part: string) => {
    parts.push(part);
    length += part.length;
  };
  for (let at = text.indexOf('$'); at >= 0 && length < longest; at = text.indexOf('$', done)) {
    add(text.slice(done, at));
    const end = endOfVariable(text, at);
    done = at;
    // Nothing closes it, nor what follows.
    if (end === undefined) break;
    const written = text.slice(at, end);
    add(written === '$$' ? context.dollar : fill(written, context, depth));
    done = end;
  }
  add(text.slice(done));
  return parts.join('').slice(0, longest);
}

/** Behind `$$`, `$NAME` or `${…}` with what is nested in it; behind the sign alone where it begins none of them. */
function endOfVariable(text: string, start: number): number | undefined {
  if (text[start + 1] === '$') return start + 2;
  if (text[start + 1] !== '{')
    return start + 1 + (/^[a-z_]\w*/i.exec(text.slice(start + 1, start + 300))?.[0].length ?? 0);
  let open = 0;
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '{' && text[at - 1] === '$') open += 1;
    else if (text[at] === '}') open -= 1;
    if (open === 0) return at + 1;
  }
  return undefined;
}

function fill(written: string, context: Context, depth: number): string {
  const inside = written.startsWith('${') ? written.slice(2, -1) : written.slice(1);
  const [, name, operator = '', rest = ''] = /^([a-z_]\w*)(?:(:?[-?+])(.*))?$/is.exec(inside) ?? [];
  if (name === undefined || depth >= deepest) return written;
  const value = context.variables.get(name);
  const isSet = operator.startsWith(':') ? (value ?? '') !== '' : value !== undefined;
  if (operator.endsWith('-') && !isSet) {
    // What the home folder and its like are is known better than their defaults.
    return isEnvironmentOnly(name) ? `\${${name}}` : expand(rest, context, depth + 1);
  }
  // Whether the host sets it is not known: the text that may come is the one to judge.
  if (operator.endsWith('+')) return isSet || value === undefined ? expand(rest, context, depth + 1) : '';
  return value ?? `\${${name}}`;
}

/** Variables that every host sets, so that a default never counts. */
function isEnvironmentOnly(name: string): boolean {
  return /^(?:HOME|USERPROFILE|XDG_RUNTIME_DIR|SSH_AUTH_SOCK)$/.test(name);
}

/** The variables that {@link interpolate} left in a text, each once. */
export function unknownVariables(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\$\{([a-z_]\w*)\}/gi)].flatMap(([, name]) => name ?? []))];
}
