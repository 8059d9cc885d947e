import type { AgentSettings } from '../../agents/agent-settings.js';
import { coversAll } from '../../agents/claude-rules.js';
import { offerNarrowing } from '../../agents/permission-fixes.js';
import type { AgentPermission } from '../../agents/permissions.js';
import { classifyCredential } from '../../container/credential-risk.js';
import { offerFix } from '../../container/fixes.js';
import { resolveHostPath } from '../../container/host-path.js';
import type { Fix, Project, Report, Rule } from '../../core/rule.js';
import { elements, member, placeOf, stringValue } from '../../documents/json.js';
import { projectRootOf } from '../../documents/kinds.js';
import { removeSettings } from '../../documents/settings.js';

export const noBroadFileAllow: Rule<'agent-settings'> = {
  id: 'no-broad-file-allow',
  on: 'agent-settings',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Let Claude Code write and read files of the project only',
  why: 'An agent that may write anywhere writes a hook, a start file or a task that the host runs later; one that may read the home folder reads keys and sends them wherever it may connect to.',
  references: [
    'https://code.claude.com/docs/en/permissions',
    'https://cwe.mitre.org/data/definitions/732.html',
    'https://attack.mitre.org/techniques/T1546/',
  ],
  examples: [
    {
      bad: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "allow": ["Read", «"Write(**)"», "Edit"]\n  }\n}\n',
      },
      fixed: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "allow": ["Read"],\n    "ask": ["Write(**)", "Edit"]\n  }\n}\n',
      },
    },
    {
      bad: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "allow": [«"Read(~/**)"»],\n    "ask": ["Bash"]\n  }\n}\n',
      },
      fixed: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "allow": [],\n    "ask": ["Bash", "Read(~/**)"]\n  }\n}\n',
      },
    },
    {
      bad: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "additionalDirectories": ["../docs", «"~"»]\n  }\n}\n',
      },
      fixed: {
        '.claude/settings.json': '{\n  "permissions": {\n    "additionalDirectories": ["../docs"]\n  }\n}\n',
      },
    },
  ],
  good: [
    {
      '.claude/settings.json':
        '{ "permissions": { "allow": ["Read", "Edit(src/**)", "Write(./docs/**)", "Read(~/.config/app/**)", "WebFetch(domain:docs.example.org)"], "deny": ["Write", "Read(~/**)"], "additionalDirectories": ["../shared", "/opt/data"] } }',
    },
  ],
  *check(settings, project) {
    if (settings.agent !== 'claude') return;
    const writing = settings.permissions.filter(writesEverything);
    if (writing.length > 0)
      yield report(
        settings,
        writing,
        'the agent may change any file that the user may',
        sourceFolder(settings, project),
      );
    for (const permission of settings.permissions) {
      const judged = judge(permission);
      if (judged) yield { ...report(settings, [permission], judged.what, judged.narrow), ...judged.severity };
    }
    yield* checkFolders(settings);
  },
};

/** One finding for all of a kind: each of these lets the agent do what the others do. */
function report(
  settings: AgentSettings,
  permissions: readonly AgentPermission[],
  what: string,
  narrow: string | undefined,
): Report {
  const [first, ...others] = permissions;
  const texts = permissions.map(({ text }) => text).join(', ');
  return {
    place: first?.place ?? { file: settings.document.file, at: { start: 0, end: 0 } },
    message: `allows ${texts} without asking: ${what}`,
    related: others.map(({ place, text }) => ({ place, message: `${text}, likewise` })),
    ...(settings.image?.judged.isIsolated() && { severity: 'info' as const }),
    fixes: [...offerNarrowing(settings, permissions), ...offerFolder(permissions, narrow)],
  };
}

/** The same tools, for one folder of the project. */
function offerFolder(permissions: readonly AgentPermission[], folder: string | undefined): readonly Fix[] {
  if (folder === undefined) return [];
  return offerFix(
    `allow ${folder} only`,
    'the agent asks for what lies elsewhere',
    permissions.flatMap(({ name, rewrite }) => rewrite(`${name}(${folder})`)),
  );
}

/** Where the project keeps what agents are there to change: nothing that the host runs by itself. */
function sourceFolder({ document }: AgentSettings, project: Project): string | undefined {
  const root = projectRootOf(document.file.path);
  const listing = project.list(root);
  const name = ['src', 'lib', 'app'].find((one) => 'names' in listing && listing.names.includes(one));
  return name && `./${name}/**`;
}

function writesEverything({ effect, tool, pattern }: AgentPermission): boolean {
  return effect === 'allow' && tool === 'edit' && (coversAll(pattern) || isOutside(pattern));
}

function judge({
  effect,
  tool,
  name,
  pattern,
}: AgentPermission): { what: string; narrow?: string; severity: Pick<Report, 'severity'> } | undefined {
  if (effect !== 'allow') return undefined;
  if (tool === 'read' && isOutside(pattern) && name === 'Read')
    return { what: 'the agent may read keys and other projects', narrow: './**', severity: {} };
  if (tool === 'fetch' && (coversAll(pattern) || /^\s*domain:\s*\*+\s*$/.test(pattern ?? '')))
    return { what: 'any host can be asked, and told', severity: { severity: 'info' } };
  return undefined;
}

/** The whole disk or a whole home. */
function isOutside(pattern: string | undefined): boolean {
  return /^\s*(?:\/\/|~|\/\/(?:home|Users|root)(?:\/\*)?)\/?(?:\*\*?(?:\/\*\*?)?)?\s*$/.test(pattern ?? '');
}

function* checkFolders({ document }: AgentSettings): Iterable<Report> {
  const list = member(member(document.root, 'permissions')?.value, 'additionalDirectories')?.value;
  for (const node of elements(list)) {
    const what = broadFolder(stringValue(node) ?? '');
    if (what === undefined) continue;
    yield {
      place: placeOf(document, node),
      message: `lets the agent work in ${stringValue(node)}: ${what}`,
      fixes: offerFix(
        'remove it',
        'name the folders that the project needs',
        removeSettings(document, [node]),
      ),
    };
  }
}

function broadFolder(text: string): string | undefined {
  const host = resolveHostPath(text, { compose: true });
  if (text.trim() === '') return undefined;
  if (host.base === 'root' && host.segments.length === 0) return 'the whole disk';
  if (host.base === 'home' && host.segments.length === 0) return 'a whole home folder';
  if (host.base === 'workspace')
    return host.up > 0 && host.segments.length === 0 ? 'the projects beside it' : undefined;
  const risk = classifyCredential(host, false);
  return risk?.grade === 'error' ? risk.what : undefined;
}
