import { missingEngine, removeLeftovers } from './engine.js';

/** Says once for all files why nothing runs (in CI it throws, and the run fails), or clears the way for them. */
export default function prepare(): void {
  const missing = missingEngine();
  if (missing) console.warn(`container tests skipped: ${missing}`);
  else removeLeftovers();
}
