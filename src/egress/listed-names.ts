/** The entries of an allowlist file as the container has it: comments and blanks are gone, `private` stays. */
export function listEntries(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim().replace(/\s+/g, ' '));
  return lines.filter((line) => line !== '');
}

/** Tells whether a name is on the list, with every one of these ports; without ports, with any. */
export type NameMatcher = (name: string, ports?: readonly number[]) => boolean;

/** Ranges have no name. */
export function nameMatcher(entries: readonly string[]): NameMatcher {
  const names = new Map<string, Set<number>>();
  const suffixes = new Map<string, Set<number>>();
  for (const entry of entries) {
    if (entry.includes('/')) continue;
    const [, name = '', port] = /^([^: ]*)(?::(\d+))?/.exec(entry) ?? [];
    const ports = port === undefined ? [443, 80] : [Number(port)];
    if (name.startsWith('.')) addPorts(suffixes, name.slice(1), ports);
    addPorts(names, name.replace(/^\./, ''), ports);
  }
  return (name, ports = []) => {
    const open = [names.get(name)];
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1))
      open.push(suffixes.get(name.slice(dot + 1)));
    const known = open.filter((set) => set !== undefined);
    return known.length > 0 && ports.every((port) => known.some((set) => set.has(port)));
  };
}

function addPorts(all: Map<string, Set<number>>, name: string, ports: readonly number[]): void {
  all.set(name, new Set([...(all.get(name) ?? []), ...ports]));
}
