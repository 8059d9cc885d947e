import { Attached } from '../core/attached.js';
import { lineStarts, type Place, positionAt, type SourceFile } from '../core/text.js';
import { type JsonNode, parseJson } from './json.js';
import { languageOf } from './language.js';

/**
 * The names that lead to a place through its file's structure, outermost first: `services.app.volumes[]`,
 * `[build].RUN`. Elements of lists have no number, because a new neighbour would change it. '' where a file has no
 * structure. Cheap rather than exact: it tells places apart, nobody reads a value by it.
 */
export function routeOf({ file, at }: Place): string {
  switch (languageOf(file)) {
    case 'json':
      return jsonRoute(file, at.start);
    case 'yaml':
      return indentedRoute(file, at.start);
    case 'toml':
      return headedRoute(file, at.start, /^\s*(\[[^\n#]{1,200}\])/, /^\s*([\w."'-]{1,200})\s*=/);
    case 'dockerfile':
      return headedRoute(file, at.start, /^\s*FROM\s.*\sAS\s+(\S{1,200})/i, /^\s*([a-z]{2,20})\s/i);
    default:
      return '';
  }
}

function jsonRoute(file: SourceFile, offset: number): string {
  const { root } = parseJson(file);
  let route = '';
  for (let node = root && childAt(root, offset); node; node = childAt(node, offset)) {
    if (node.type === 'property') route += `.${node.children?.[0]?.value}`;
    else if (node.parent?.type === 'array') route += '[]';
  }
  return route.replace(/^\./, '');
}

/** The child that covers an offset: children stand in order, and an object may have a hundred thousand. */
function childAt(node: JsonNode, offset: number): JsonNode | undefined {
  const children = node.children ?? [];
  let low = 0;
  let high = children.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((children[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const child = children[low];
  return child && child.offset <= offset && offset < child.offset + child.length ? child : undefined;
}

/** Lines that are looked at above a place: a structure that begins further up is told by its lower part. */
const mostLines = 2000;

/** The keys that stand further left above a place, as YAML's block style nests them. */
function indentedRoute(file: SourceFile, offset: number): string {
  const keys: string[] = [];
  let indent = Number.POSITIVE_INFINITY;
  const first = positionAt(file, offset).line;
  for (let line = first; line > Math.max(0, first - mostLines) && indent > 0; line -= 1) {
    const found = keyOfLine(file, line);
    if (!found || found.indent >= indent) continue;
    indent = found.indent;
    keys.unshift(found.key);
  }
  return keys.join('.');
}

interface LineKey {
  readonly indent: number;
  readonly key: string;
}

// Every finding below looks at the same lines.
const lineKeys = new Attached<SourceFile, (LineKey | null)[]>();

function keyOfLine(file: SourceFile, line: number): LineKey | null {
  const known = lineKeys.get(file) ?? [];
  lineKeys.set(file, known);
  let found = known[line];
  if (found === undefined) {
    const [, lead = '', key] =
      /^([\s-]*)("[^"]{0,200}"|'[^']{0,200}'|[^\s#:'"][^:#]{0,200}):(?:\s|$)/.exec(textOfLine(file, line)) ??
      [];
    found = key === undefined ? null : { indent: lead.length, key };
    known[line] = found;
  }
  return found;
}

/** The nearest heading above a place, and the word that begins its own line. */
function headedRoute(file: SourceFile, offset: number, heading: RegExp, word: RegExp): string {
  let own: string | undefined;
  for (const line of linesUpFrom(file, offset)) {
    own ??= word.exec(line)?.[1];
    const head = heading.exec(line)?.[1];
    if (head !== undefined) return `${head}.${own ?? ''}`;
  }
  return own ?? '';
}

/** The line of an offset and those above it. */
function* linesUpFrom(file: SourceFile, offset: number): Generator<string> {
  const first = positionAt(file, offset).line;
  for (let line = first; line > Math.max(0, first - mostLines); line -= 1) yield textOfLine(file, line);
}

/** Without what is too long to be anything written by hand. */
function textOfLine(file: SourceFile, line: number): string {
  const starts = lineStarts(file);
  const start = starts[line - 1] ?? 0;
  return file.text.slice(start, Math.min(starts[line] ?? file.text.length, start + 2000));
}
