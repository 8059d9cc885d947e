import type { SourceFile, Span } from '../core/text.js';

declare module '../core/rule.js' {
  interface Subjects {
    unreadable: UnreadableFile;
  }
}

/** A place where a file could not be understood; the whole file where it could not even be read as text. */
export interface UnreadableFile {
  readonly file: SourceFile;
  readonly at: Span;
  /** Lower case, without a full stop: 'a comma is expected'. */
  readonly message: string;
  /** The file itself is sound, but names another one here that could not be read. */
  readonly isReference?: true;
  /** It is as it should be, but cannot be known here: something that has to be downloaded. */
  readonly isNote?: true;
}
