import { createScanner, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Span } from '../core/text.js';
import type { JsonDocument, JsonNode, JsonProblem } from './json.js';
import { tokens } from './json-kinds.js';

/**
 * Reads JSON with comments in which something is wrong, as far as the dev container tools' own parser recovers it. Offsets
 * count from the start of the text. Never throws: whatever is wrong becomes a problem with its place, in order.
 *
 * @returns No root for an empty text, or one nested more than `deepest` levels deep.
 */
export function readBroken(text: string, deepest: number): Pick<JsonDocument, 'root' | 'problems'> {
  const tooDeep = findTooDeep(text, deepest);
  if (tooDeep !== undefined) {
    const at = { start: tooDeep, end: tooDeep + 1 };
    return { root: undefined, problems: [{ message: `nested more than ${deepest} levels deep`, at }] };
  }
  const errors: ParseError[] = [];
  const root: JsonNode | undefined = parseTree(text, errors, {
    allowTrailingComma: true,
    allowEmptyContent: false,
  });
  if (root) completeTree(root, text.length);
  const problems = errors.map((error) => toProblem(error, text));
  return { root, problems: problems.sort((a, b) => a.at.start - b.at.start) };
}

/** Offset of the bracket that goes too deep. Iterative, unlike the parser. */
function findTooDeep(text: string, deepest: number): number | undefined {
  let brackets = 0;
  for (const _ of text.matchAll(/[{[]/g)) brackets += 1;
  if (brackets <= deepest) return undefined;
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== tokens.end; token = scanner.scan()) {
    if (token === tokens.openBrace || token === tokens.openBracket) depth += 1;
    else if (token === tokens.closeBrace || token === tokens.closeBracket) depth = Math.max(0, depth - 1);
    if (depth > deepest) return scanner.getTokenOffset();
  }
  return undefined;
}

const messages: Readonly<Record<string, string>> = {
  InvalidSymbol: 'unexpected text: names and texts stand in double quotes',
  InvalidNumberFormat: 'invalid number',
  PropertyNameExpected: 'a property name in double quotes is expected',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is expected before this',
  CloseBraceExpected: "the closing '}' is missing",
  CloseBracketExpected: "the closing ']' is missing",
  EndOfFileExpected: 'unexpected text behind the end of the object',
  InvalidCommentToken: 'comments are not allowed here',
  UnexpectedEndOfComment: 'the comment is not closed',
  UnexpectedEndOfString: 'the string is not closed',
  UnexpectedEndOfNumber: 'the number is not complete',
  InvalidUnicode: 'invalid unicode escape',
  InvalidEscapeCharacter: 'invalid escape in a string',
  InvalidCharacter: 'control characters in a string have to be escaped',
};

function toProblem(error: ParseError, text: string): JsonProblem {
  const code = printParseErrorCode(error.error);
  const start = Math.min(error.offset, text.length);
  const closes = code === 'CommaExpected' && /[\]}]/.test(text[start] ?? '');
  return {
    message: closes ? 'this bracket does not close the one that is open' : (messages[code] ?? 'invalid JSON'),
    at: { start, end: Math.min(start + error.length, text.length) },
  };
}

/** Gives nodes that were never closed an end inside the text: the parser leaves -1. */
function completeTree(node: JsonNode, limit: number): void {
  const children = node.children ?? [];
  for (const child of children) completeTree(child, limit);
  const last = children.at(-1);
  const end =
    node.length < 0 ? (last ? last.offset + last.length : node.offset + 1) : node.offset + node.length;
  // An unclosed comment makes the scanner count one character beyond the text.
  node.length = Math.min(end, limit) - node.offset;
}

/** The first comment or trailing comma: what plain JSON does not know. Undefined where there is none. */
export function findLoose({ file }: JsonDocument): Span | undefined {
  const scanner = createScanner(file.text, false);
  let comma: Span | undefined;
  for (let token: number = scanner.scan(); token !== tokens.end; token = scanner.scan()) {
    const start = scanner.getTokenOffset();
    const at = { start, end: start + scanner.getTokenLength() };
    if (token === tokens.lineComment || token === tokens.blockComment) return at;
    if (token === tokens.lineBreak || token === tokens.blank) continue;
    if (comma && (token === tokens.closeBrace || token === tokens.closeBracket)) return comma;
    comma = token === tokens.comma ? at : undefined;
  }
  return undefined;
}
