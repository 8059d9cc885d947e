import type { Span } from '../core/text.js';

/** A stretch of a Dockerfile as the instruction means it: escapes are read, variables are not. */
export interface WrittenWord {
  readonly text: string;
  readonly at: Span;
}

/** A flag, or what ENV or ARG assigns; without `=` it has no value. */
export interface WrittenPair {
  readonly name: string;
  readonly value: string | undefined;
  readonly at: Span;
}

/** An instruction before its variables are expanded. */
export interface WrittenInstruction {
  /** Upper case. */
  readonly keyword: string;
  readonly at: Span;
  readonly words: readonly WrittenWord[];
  /** The words are the strings of the JSON form, in which no variables stand. */
  readonly isJson: boolean;
  readonly flags: readonly WrittenPair[];
  readonly variables: readonly WrittenPair[];
  /** The arguments as written. */
  readonly text: string;
}
