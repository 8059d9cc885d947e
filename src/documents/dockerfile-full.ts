import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import { lineStarts, type SourceFile, type Span } from '../core/text.js';
import type { WrittenInstruction, WrittenPair, WrittenWord } from './dockerfile-written.js';

/** The instructions of any Dockerfile; throws where the parser does. */
export function readFullDockerfile(text: string): readonly WrittenInstruction[] {
  const file = { path: '', text };
  // A blank has the length of the BOM.
  const instructions = DockerfileParser.parse(text.replace(/^\uFEFF/, ' ')).getInstructions();
  return instructions.map((instruction) => readInstruction(file, instruction));
}

interface Pair {
  getName(): string;
  getValue(): string | null;
  getRange(): LineRange;
}

interface WithFlags {
  getFlags(): Pair[];
}

interface WithStrings {
  getJSONStrings(): { getJSONValue(): string; getRange(): LineRange }[];
}

interface WithProperties {
  getProperties(): Pair[];
}

interface LineRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

function readInstruction(file: SourceFile, instruction: Instruction): WrittenInstruction {
  const keyword = instruction.getKeyword();
  const range = instruction.getArgumentsRange();
  const span = range && toSpan(file, range);
  const flags = 'getFlags' in instruction ? (instruction as unknown as WithFlags).getFlags() : [];
  const isSetting = keyword === 'ENV' || keyword === 'ARG';
  const properties = isSetting ? (instruction as unknown as WithProperties).getProperties() : [];
  const strings = readStrings(file, instruction);
  return {
    keyword,
    at: toSpan(file, instruction.getRange()),
    words: strings.length > 0 ? strings : readWords(file, instruction),
    isJson: strings.length > 0,
    flags: flags.map((flag) => toPair(file, flag)),
    variables: properties.map((property) => toPair(file, property)),
    text: span ? file.text.slice(span.start, span.end) : '',
  };
}

function toPair(file: SourceFile, pair: Pair): WrittenPair {
  return { name: pair.getName(), value: pair.getValue() ?? undefined, at: toSpan(file, pair.getRange()) };
}

function readStrings(file: SourceFile, instruction: Instruction): readonly WrittenWord[] {
  const strings =
    'getJSONStrings' in instruction ? (instruction as unknown as WithStrings).getJSONStrings() : [];
  return strings.map((word) => {
    const at = toSpan(file, word.getRange());
    return { text: jsonText(file.text.slice(at.start, at.end)) ?? word.getJSONValue(), at };
  });
}

function readWords(file: SourceFile, instruction: Instruction): readonly WrittenWord[] {
  return instruction
    .getArguments()
    .map((word) => ({ text: word.getValue(), at: toSpan(file, word.getRange()) }));
}

/** The parser's own reading leaves the blanks out. */
function jsonText(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function toSpan(file: SourceFile, { start, end }: LineRange): Span {
  const starts = lineStarts(file);
  const offset = (line: number, character: number) =>
    Math.min((starts[line] ?? file.text.length) + character, file.text.length);
  return { start: offset(start.line, start.character), end: offset(end.line, end.character) };
}
