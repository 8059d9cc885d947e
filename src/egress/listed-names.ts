/** The entries of an allowlist file as the container has it: comments and blanks are gone, `private` stays. */
export function listEntries(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim().replace(/\s+/g, ' '));
  return lines.filter((line) => line !== '');
}

/** Whether a name may be resolved by these entries, on whatever port. */
export function nameMatcher(entries: readonly string[]): (name: string) => boolean {
  const names = new Set<string>();
  const suffixes = new Set<string>();
  for (const entry of entries) {
    if (entry.includes('/')) continue;
    const name = entry.replace(/[: ].*/, '');
    if (name.startsWith('.')) suffixes.add(name.slice(1));
    names.add(name.replace(/^\./, ''));
  }
  return (name) => {
    if (names.has(name)) return true;
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      if (suffixes.has(name.slice(dot + 1))) return true;
    }
    return false;
  };
}
