/** Text of the policy is one line; what Markdown would obey in it is taken for itself. */
export function text(value: string): string {
  return value.replace(/[\\`*_[\]<>#|~!&]/g, '\\$&');
}

/** A backtick ends a code span, and a bar ends a cell even inside of one. */
export function code(value: string): string {
  return `\`${value.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}
