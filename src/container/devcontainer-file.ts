import type { JsonDocument } from '../documents/json.js';
import type { Container } from './container.js';

declare module '../core/rule.js' {
  interface Subjects {
    devcontainer: DevcontainerFile;
  }
}

/** A devcontainer.json as it is written, beside what it adds up to. */
export interface DevcontainerFile {
  readonly document: JsonDocument;
  readonly container: Container;
}
