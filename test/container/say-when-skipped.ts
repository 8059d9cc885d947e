import { missingEngine } from './engine.js';

/** Says once for all files why nothing runs; in CI it throws, and the run fails. */
export default function saySkipped(): void {
  const missing = missingEngine();
  if (missing) console.warn(`container tests skipped: ${missing}`);
}
