import { interpolate, type Variables } from './interpolate.js';

/** A file with more variables than these is data. */
const mostVariables = 10_000;

/**
 * Reads the `.env` file beside a compose file: `NAME=value` on each line, `export` before it or not, quotes around the
 * value or not, comments. Values take in earlier ones, except in single quotes; the environment is not read.
 */
export function parseDotEnv(text: string): Variables {
  const variables = new Map<string, string>();
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [, name, rest = ''] = /^\s*(?:export\s+)?([a-z_][\w.-]*)\s*[=:](.*)$/i.exec(line) ?? [];
    if (name === undefined || variables.size >= mostVariables) continue;
    variables.set(name, readValue(rest.trim(), variables));
  }
  return variables;
}

function readValue(text: string, variables: Variables): string {
  const quote = text[0];
  const closing = quote === "'" || quote === '"' ? text.indexOf(quote, 1) : -1;
  if (closing > 0) {
    const inside = text.slice(1, closing);
    return quote === "'" ? inside : interpolate(inside, variables);
  }
  const [plain = ''] = text.split(/\s#/, 1);
  return interpolate(plain.startsWith('#') ? '' : plain.trim(), variables);
}
