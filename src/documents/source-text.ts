import type { SourceFile } from '../core/text.js';
import type { JsonDocument } from './json.js';

declare module '../core/rule.js' {
  interface Subjects {
    'source-text': SourceText;
  }
}

/** One file that was read, whatever it is. */
export interface SourceText {
  readonly file: SourceFile;
  /** Its tree, where it has keys and values. */
  readonly document: JsonDocument | undefined;
}
