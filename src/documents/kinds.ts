/** What a file says, by the place at which its tool looks for it. */
export type DocumentKind =
  | 'devcontainer'
  | 'policy'
  | 'allowlist'
  | 'firewall-mode'
  | 'firewall-script'
  | 'mcp-config'
  | 'claude-settings'
  | 'codex-config'
  | 'gemini-settings'
  | 'qwen-settings'
  | 'cursor-config'
  | 'copilot-settings'
  | 'opencode-config'
  | 'aider-config'
  | 'amp-settings'
  | 'continue-config'
  | 'zed-settings'
  | 'agent-hooks'
  | 'agent-definition'
  | 'vscode-settings'
  | 'vscode-tasks'
  | 'compose'
  | 'ignore-file'
  | 'dockerfile';

/** Where the tools look, from the project's root; `*` stands for a run of characters within one name. */
const places: Readonly<Record<DocumentKind, readonly string[]>> = {
  devcontainer: [
    '.devcontainer/devcontainer.json',
    '.devcontainer.json',
    '.devcontainer/*/devcontainer.json',
    'devcontainer.json',
  ],
  policy: ['.devcontainer/harden-devcontainer.jsonc', '.devcontainer/*/harden-devcontainer.jsonc'],
  allowlist: [
    '.devcontainer/allowlist',
    '.devcontainer/*/allowlist',
    ...[
      'allowlist.txt',
      'allow-list.txt',
      'whitelist.txt',
      'allowed-domains.txt',
      'allowed_domains.txt',
      'allowed-hosts.txt',
      'allowed_hosts.txt',
    ].flatMap((name) => [`.devcontainer/*${name}`, `.devcontainer/*/*${name}`]),
  ],
  'firewall-script': ['*firewall.sh', 'firewall*.sh', 'egress*.sh'].flatMap((name) => [
    `.devcontainer/${name}`,
    `.devcontainer/*/${name}`,
    name,
  ]),
  'firewall-mode': ['.devcontainer/mode', '.devcontainer/*/mode'],
  'mcp-config': [
    '.mcp.json',
    '.vscode/mcp.json',
    '.cursor/mcp.json',
    '.roo/mcp.json',
    '.kiro/settings/mcp.json',
    '.amazonq/mcp.json',
    'managed-mcp.json',
    'cline_mcp_settings.json',
  ],
  'claude-settings': [
    '.claude/settings.json',
    '.claude/settings.local.json',
    'managed-settings.json',
    'managed-settings.d/*.json',
  ],
  'codex-config': ['.codex/config.toml', '.grok/config.toml'],
  'gemini-settings': ['.gemini/settings.json'],
  'qwen-settings': ['.qwen/settings.json'],
  'cursor-config': ['.cursor/sandbox.json', '.cursor/permissions.json', '.cursor/cli.json'],
  'copilot-settings': [
    '.github/copilot/settings.json',
    'github-copilot/managed-settings.json',
    'copilot-cli/managed-settings.json',
  ],
  'opencode-config': [
    'opencode.json',
    'opencode.jsonc',
    '.opencode/opencode.json',
    '.opencode/opencode.jsonc',
  ],
  'aider-config': ['.aider.conf.yml'],
  'amp-settings': ['.amp/settings.json'],
  'continue-config': ['.continue/config.yaml', '.continue/settings.json', '.continue/mcpServers/*.yaml'],
  'zed-settings': ['.zed/settings.json'],
  'agent-hooks': ['.cursor/hooks.json', '.codex/hooks.json', '.github/hooks/*.json'],
  'agent-definition': [
    '.claude/agents/*.md',
    '.claude/commands/*.md',
    '.claude/skills/*/SKILL.md',
    '.github/agents/*.md',
  ],
  'vscode-settings': ['.vscode/settings.json', '*.code-workspace'],
  'vscode-tasks': ['.vscode/tasks.json'],
  compose: [
    'docker-compose.yml',
    'docker-compose.yaml',
    'compose.yml',
    'compose.yaml',
    'docker-compose.*.yml',
    'docker-compose.*.yaml',
    'docker-compose-*.yml',
    'docker-compose-*.yaml',
    'compose.*.yml',
    'compose.*.yaml',
    '*.compose.yml',
    '*.compose.yaml',
  ],
  'ignore-file': [
    '.gitignore',
    '.dockerignore',
    '*.dockerignore',
    '.containerignore',
    '.cursorignore',
    '.cursorindexingignore',
    '.geminiignore',
    '.aiexclude',
    '.aiderignore',
    '.codeiumignore',
    '.clineignore',
    '.rooignore',
    '.qwenignore',
    '.continueignore',
  ],
  dockerfile: [
    'Dockerfile',
    'Containerfile',
    '*.Dockerfile',
    '*.dockerfile',
    'Dockerfile.*',
    'Containerfile.*',
  ],
};

/** One place of the table, cut at its slashes. */
export interface KindPlace {
  readonly kind: DocumentKind;
  readonly segments: readonly string[];
}

/** Every place, in the order in which they are tried. */
export const kindPlaces: readonly KindPlace[] = (Object.keys(places) as DocumentKind[]).flatMap((kind) =>
  places[kind].map((place) => ({ kind, segments: place.split('/') })),
);

const byLastName = new Map<string, KindPlace[]>();
for (const place of kindPlaces) {
  const last = place.segments.at(-1) ?? '';
  const name = last.includes('*') ? '*' : last;
  // The longest that fits says most: managed-settings.json is one file of Claude Code and one of Copilot.
  const others = byLastName.get(name) ?? [];
  byLastName.set(
    name,
    [...others, place].sort((a, b) => b.segments.length - a.segments.length),
  );
}

/**
 * The place of the table that a '/'-separated path ends in, wherever its project's root is; undefined where no tool
 * that is known here looks.
 */
export function placeOfPath(path: string): KindPlace | undefined {
  if (known.has(path)) return known.get(path);
  const found = findPlace(path);
  if (known.size >= mostPlaces) known.clear();
  known.set(path, found);
  return found;
}

// Each rule asks for the paths of one configuration again.
const known = new Map<string, KindPlace | undefined>();
const mostPlaces = 200;

function findPlace(path: string): KindPlace | undefined {
  const steps = path.split('/');
  const isPlace = ({ segments }: KindPlace) => isTail(segments, steps);
  return byLastName.get(steps.at(-1) ?? '')?.find(isPlace) ?? byLastName.get('*')?.find(isPlace);
}

export function kindOf(path: string): DocumentKind | undefined {
  return placeOfPath(path)?.kind;
}

/**
 * The root of the project that a file belongs to: of a file in a known place the folder from which that place counts,
 * of any other its folder, or the one that holds `.devcontainer`, or `devcontainer`. `''` is the root of everything.
 */
export function projectRootOf(path: string): string {
  const steps = path.split('/');
  const place = placeOfPath(path);
  if (place && place.kind !== 'devcontainer' && place.kind !== 'compose')
    return steps.slice(0, -place.segments.length).join('/');
  const folders = steps.slice(0, -1);
  const at = folders.lastIndexOf('.devcontainer');
  // A folder of that name without the dot lies there to be copied, and stands for the other.
  const isCopied = at < 0 && folders.at(-1) === 'devcontainer' && !steps.at(-1)?.startsWith('.');
  return folders.slice(0, isCopied ? -1 : at < 0 ? folders.length : at).join('/');
}

function isTail(segments: readonly string[], steps: readonly string[]): boolean {
  const from = steps.length - segments.length;
  return from >= 0 && segments.every((segment, index) => matchesName(segment, steps[from + index] ?? ''));
}

/** Whether files of a kind stand beside a devcontainer.json and decide what is let out. */
export function isEgressKind(kind: DocumentKind | undefined): boolean {
  return kind === 'policy' || kind === 'allowlist' || kind === 'firewall-mode' || kind === 'firewall-script';
}

/** Whether a path is that of a shell script, which is judged where it is a firewall. */
export function isShellFile(path: string): boolean {
  return kindOf(path) === 'firewall-script' || /\.(?:ba|z)?sh$/.test(path);
}

/** Whether a name is what one segment of a place says. */
export function matchesName(segment: string, name: string): boolean {
  const star = segment.indexOf('*');
  if (star < 0) return segment === name;
  // The end first: most patterns are about extensions.
  return (
    name.length >= segment.length - 1 &&
    name.endsWith(segment.slice(star + 1)) &&
    name.startsWith(segment.slice(0, star))
  );
}
