import type { Edit } from '../core/rule.js';
import {
  elements,
  type JsonMember,
  type JsonNode,
  member,
  members,
  placeOf,
  stringValue,
} from '../documents/json.js';
import { removeSettings, replaceSetting, type SettingsDocument } from '../documents/settings.js';
import type { AgentName, Setting } from './agent-settings.js';
import { isShellTool, parseClaudeRule, shellPattern } from './claude-rules.js';

/** What an agent may do without asking, must ask for, or may not do: one entry of its lists, whatever their syntax. */
export interface AgentPermission extends Setting {
  readonly effect: 'allow' | 'ask' | 'deny';
  /** `any` for an entry that speaks of every tool. */
  readonly tool: 'shell' | 'read' | 'edit' | 'fetch' | 'mcp' | 'any' | 'other';
  /** The tool's own name in the file. */
  readonly name: string;
  /** What it covers: of a command with `*` for what is free, of the others as written. Undefined for all. */
  readonly pattern: string | undefined;
  /** The whole entry as written. */
  readonly text: string;
  readonly node: JsonNode;
  /** Edits that put other text in its place. */
  rewrite(text: string): readonly Edit[];
}

type Effect = AgentPermission['effect'];
type Tool = AgentPermission['tool'];

interface Entry {
  readonly effect: Effect;
  readonly tool: Tool;
  readonly name: string;
  readonly pattern: string | undefined;
  readonly text?: string;
}

const readers: Partial<Record<AgentName, (document: SettingsDocument) => readonly AgentPermission[]>> = {
  claude: readClaude,
  cursor: readCursor,
  gemini: readGemini,
  qwen: readGemini,
  opencode: readOpencode,
  amp: readAmp,
};

export function readPermissions(agent: AgentName, document: SettingsDocument): readonly AgentPermission[] {
  return readers[agent]?.(document) ?? [];
}

function entryAt(document: SettingsDocument, node: JsonNode, entry: Entry): AgentPermission {
  const { effect, tool, name, pattern } = entry;
  return {
    place: placeOf(document, node),
    remove: () => removeSettings(document, [node]),
    effect,
    tool,
    name,
    pattern,
    text: entry.text ?? stringValue(node) ?? name,
    node,
    rewrite: (text) => replaceSetting(document, node, text),
  };
}

/** The texts of a list, each as what `read` makes of it. */
function listAt(
  document: SettingsDocument,
  list: JsonNode | undefined,
  read: (text: string) => Entry | undefined,
): readonly AgentPermission[] {
  return elements(list).flatMap((node) => {
    const text = stringValue(node);
    const entry = text === undefined ? undefined : read(text);
    return entry ? [entryAt(document, node, entry)] : [];
  });
}

const effects: readonly Effect[] = ['allow', 'ask', 'deny'];

function readClaude(document: SettingsDocument): readonly AgentPermission[] {
  const permissions = member(document.root, 'permissions')?.value;
  return effects.flatMap((effect) =>
    listAt(document, member(permissions, effect)?.value, (text) => readClaudeEntry(text, effect)),
  );
}

const claudeTools: Readonly<Record<string, Tool>> = {
  Read: 'read',
  Edit: 'edit',
  Write: 'edit',
  MultiEdit: 'edit',
  NotebookEdit: 'edit',
  WebFetch: 'fetch',
};

/** One rule of Claude Code's lists; undefined for text that is none. */
function readClaudeEntry(text: string, effect: Effect): Entry | undefined {
  const rule = parseClaudeRule(text);
  if (!rule) return undefined;
  const { tool: name, specifier } = rule;
  if (isShellTool(name)) return { effect, tool: 'shell', name, pattern: shellPattern(specifier) };
  const tool = name.startsWith('mcp__') ? 'mcp' : (claudeTools[name] ?? 'other');
  return { effect, tool, name, pattern: specifier };
}

const cursorTools: Readonly<Record<string, Tool>> = {
  Shell: 'shell',
  Read: 'read',
  Write: 'edit',
  WebFetch: 'fetch',
  Mcp: 'mcp',
};

/** `cli.json` names tools; the lists of `permissions.json` hold prefixes of commands and `server:tool`. */
function readCursor(document: SettingsDocument): readonly AgentPermission[] {
  const { root } = document;
  const permissions = member(root, 'permissions')?.value;
  const named = (['allow', 'deny'] as const).flatMap((effect) =>
    listAt(document, member(permissions, effect)?.value, (text) => {
      const rule = parseClaudeRule(text);
      if (!rule) return undefined;
      const { tool: name, specifier } = rule;
      const tool = cursorTools[name] ?? 'other';
      return { effect, tool, name, pattern: tool === 'shell' ? prefixPattern(specifier) : specifier };
    }),
  );
  return [
    ...named,
    ...listAt(document, member(root, 'terminalAllowlist')?.value, (text) => ({
      effect: 'allow',
      tool: 'shell',
      name: 'terminalAllowlist',
      pattern: prefixPattern(text),
    })),
    ...listAt(document, member(root, 'mcpAllowlist')?.value, (text) => ({
      effect: 'allow',
      tool: 'mcp',
      name: 'mcpAllowlist',
      pattern: text,
    })),
  ];
}

/** A prefix of commands as a pattern. */
function prefixPattern(text: string | undefined): string {
  const prefix = (text ?? '').replace(/[\s*]+$/, '').replace(/\(\*\*\)/, '');
  return prefix === '' ? '*' : `${prefix} *`;
}

/** `tools.allowed` (`allowedTools` before) and `tools.exclude`: `run_shell_command(git)` is a prefix. */
function readGemini(document: SettingsDocument): readonly AgentPermission[] {
  const { root } = document;
  const tools = member(root, 'tools')?.value;
  const lists: readonly (readonly [Effect, JsonMember | undefined])[] = [
    ['allow', member(tools, 'allowed')],
    ['allow', member(root, 'allowedTools')],
    ['deny', member(tools, 'exclude')],
    ['deny', member(root, 'excludeTools')],
  ];
  return lists.flatMap(([effect, list]) =>
    listAt(document, list?.value, (text) => {
      const rule = parseClaudeRule(text);
      if (!rule) return undefined;
      const isShell = /^(?:run_shell_command|ShellTool)$/.test(rule.tool);
      const pattern = isShell ? prefixPattern(rule.specifier) : rule.specifier;
      return { effect, tool: isShell ? 'shell' : 'other', name: rule.tool, pattern };
    }),
  );
}

const opencodeTools: Readonly<Record<string, Tool>> = {
  '*': 'any',
  bash: 'shell',
  read: 'read',
  edit: 'edit',
  webfetch: 'fetch',
};

/** `permission`: one word for all tools, a word for each, or a word for each pattern of one; the last match counts. */
function readOpencode(document: SettingsDocument): readonly AgentPermission[] {
  const permission = member(document.root, 'permission')?.value;
  const whole = effectOf(permission);
  if (permission && whole) {
    const entry: Entry = { effect: whole, tool: 'any', name: 'permission', pattern: undefined };
    return [entryAt(document, permission, entry)];
  }
  return members(permission).flatMap(({ key: name, value }) => {
    const tool = opencodeTools[name] ?? 'other';
    const effect = effectOf(value);
    const all = tool === 'shell' ? '*' : undefined;
    if (effect)
      return [entryAt(document, value, { effect, tool, name, pattern: all, text: `${name}: ${effect}` })];
    return members(value).flatMap(({ key, value: word }) => {
      const inner = effectOf(word);
      if (!inner) return [];
      return [
        entryAt(document, word, {
          effect: inner,
          tool,
          name,
          pattern: key,
          text: `${name} ${key}: ${inner}`,
        }),
      ];
    });
  });
}

function effectOf(node: JsonNode | undefined): Effect | undefined {
  return effects.find((effect) => effect === stringValue(node));
}

/** `amp.permissions`: a list of `{ tool, action, matches }`, the first match counts. */
function readAmp(document: SettingsDocument): readonly AgentPermission[] {
  return elements(member(document.root, 'amp.permissions')?.value).flatMap((node) => {
    const name = stringValue(member(node, 'tool')?.value);
    const action = stringValue(member(node, 'action')?.value);
    if (name === undefined || action === undefined) return [];
    const effect = action === 'allow' ? 'allow' : action === 'reject' ? 'deny' : 'ask';
    const tool =
      name === 'Bash' ? 'shell' : /^\*+$/.test(name) ? 'any' : name.startsWith('mcp__') ? 'mcp' : 'other';
    const command = stringValue(member(member(node, 'matches')?.value, 'cmd')?.value);
    const pattern = tool === 'shell' ? (command ?? '*') : command;
    const entry: Entry = { effect, tool, name, pattern, text: `${name}: ${action}` };
    return [{ ...entryAt(document, node, entry), remove: () => removeSettings(document, [node]) }];
  });
}
