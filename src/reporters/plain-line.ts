import { logLine, printable } from '../core/printable.js';
import type { Finding } from '../core/rule.js';
import { positionAt } from '../core/text.js';

/** One finding on one line, as compilers write it: for logs. */
export function plainLine({ severity, ruleId, message, place }: Finding, prefix: string): string {
  const { line, column } = positionAt(place.file, place.at.start);
  const path = printable(`${prefix}${place.file.path}`);
  return logLine(`${path}:${line}:${column}: ${severity}[${ruleId}]: ${printable(message)}`);
}
