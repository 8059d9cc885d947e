import type { Report } from '../core/rule.js';
import { didYouMean } from '../core/suggest.js';
import { elements, type JsonNode, member, members, placeOf, stringValue } from '../documents/json.js';
import { findLoose } from '../documents/json-recovery.js';
import type { AgentSettings } from './agent-settings.js';

/** Settings of Claude Code that only files of the machine's administrator may make. */
const managedKeys: readonly (readonly string[])[] = [
  ['allowManagedHooksOnly'],
  ['allowManagedMcpServersOnly'],
  ['allowManagedPermissionRulesOnly'],
  ['strictKnownMarketplaces'],
  ['blockedMarketplaces'],
  ['strictPluginOnlyCustomization'],
  ['disableSideloadFlags'],
  ['disableCommandPluginSources'],
  ['sandbox', 'network', 'allowManagedDomainsOnly'],
];

/** Settings that a project's own file cannot make. */
const userKeys: readonly (readonly string[])[] = [
  ['autoMode'],
  ['sandbox', 'network', 'strictAllowlist'],
  ['sandbox', 'network', 'tlsTerminate'],
];

/** Keys that Codex does not take from a repository. */
const codexKeys = [
  'openai_base_url',
  'chatgpt_base_url',
  'model_provider',
  'model_providers',
  'notify',
  'profile',
  'profiles',
  'otel',
];

export type KeyReport = Pick<Report, 'place' | 'message' | 'severity'>;

/** Keys that stand in a file in which nobody believes them. */
export function* ineffectiveKeys({ agent, scope, document }: AgentSettings): Iterable<KeyReport> {
  const { root } = document;
  const at = (path: readonly string[]) =>
    path.reduce<JsonNode | undefined>((node, key) => member(node, key)?.value, root);
  if (agent === 'codex' && scope === 'project')
    for (const key of codexKeys) {
      const found = member(root, key);
      if (found)
        yield {
          place: placeOf(document, found.keyNode),
          message: `the key ${key} has no effect: Codex does not take it from a repository`,
          severity: 'info',
        };
    }
  if (agent !== 'claude') return;
  for (const path of scope === 'managed' ? [] : managedKeys) {
    const node = at(path);
    if (node && !isOff(node))
      yield {
        place: placeOf(document, node),
        message: `the key ${path.join('.')} has no effect here: it counts in managed settings only (/etc/claude-code/managed-settings.json)`,
      };
  }
  if (scope !== 'project') return;
  for (const path of userKeys) {
    const node = at(path);
    if (node && !isOff(node))
      yield {
        place: placeOf(document, node),
        message: `the key ${path.join('.')} has no effect in a project's settings`,
      };
  }
  const mode = at(['permissions', 'defaultMode']);
  if (stringValue(mode) === 'auto' && mode)
    yield {
      place: placeOf(document, mode),
      message: "the mode auto does not count in a project's settings",
      severity: 'info',
    };
}

function isOff({ value }: JsonNode): boolean {
  return value === false || value === null;
}

const claudeEvents: readonly string[] =
  `ConfigChange CwdChanged Elicitation ElicitationResult FileChanged InstructionsLoaded Notification PermissionDenied
  PermissionRequest PostCompact PostToolBatch PostToolUse PostToolUseFailure PreCompact PreToolUse SessionEnd
  SessionStart Setup Stop StopFailure SubagentStart SubagentStop TaskCompleted TaskCreated TeammateIdle
  UserPromptExpansion UserPromptSubmit WorktreeCreate WorktreeRemove`.split(/\s+/);
const cursorEvents: readonly string[] =
  `afterAgentResponse afterAgentThought afterFileEdit afterMCPExecution afterShellExecution afterTabFileEdit
  beforeMCPExecution beforeReadFile beforeShellExecution beforeSubmitPrompt beforeTabFileRead postToolUse
  postToolUseFailure preCompact preToolUse sessionEnd sessionStart stop subagentStart subagentStop workspaceOpen`.split(
    /\s+/,
  );

/** Events that nearly exist: a hook on them never runs, and nobody says so. */
export function* misspeltEvents({ agent, document }: AgentSettings): Iterable<KeyReport> {
  const events = agent === 'claude' ? claudeEvents : agent === 'cursor' ? cursorEvents : undefined;
  if (!events) return;
  for (const { key, keyNode } of members(member(document.root, 'hooks')?.value)) {
    if (events.includes(key)) continue;
    const same = events.find((event) => event.toLowerCase() === key.toLowerCase());
    const hint = same === undefined ? didYouMean(key, events) : `; did you mean ${same}?`;
    if (hint !== '' && key.length > 3)
      yield {
        place: placeOf(document, keyNode),
        message: `no hook on ${key} ever runs: there is no such event${hint}`,
      };
  }
}

/** Of OpenCode's patterns the last that matches counts: one before a catch-all is overridden by it. */
export function* overriddenPatterns({ agent, document }: AgentSettings): Iterable<KeyReport> {
  if (agent !== 'opencode') return;
  for (const { key: tool, value } of members(member(document.root, 'permission')?.value)) {
    const entries = members(value).toSorted((a, b) => a.property.offset - b.property.offset);
    const all = entries.findLastIndex(({ key }) => /^\*+$/.test(key));
    const catchAll = entries[all];
    if (!catchAll) continue;
    for (const { key, keyNode, value: effect } of entries.slice(0, all)) {
      const isWeaker = stringValue(effect) === stringValue(catchAll.value) || stringValue(effect) === 'allow';
      if (!isWeaker)
        yield {
          place: placeOf(document, keyNode),
          message: `the pattern "${key}" for ${tool} is overridden by "${catchAll.key}" behind it, for the last match counts`,
        };
    }
  }
}

/** A comment or a trailing comma in a file that Claude Code reads as strict JSON: all of it counts for nothing. */
export function strictJsonProblem({ agent, document }: AgentSettings): KeyReport | undefined {
  if (agent !== 'claude' || document.problems.length > 0 || !holdsProtection(document.root)) return undefined;
  const at = isStrict(document.file.text) ? undefined : findLoose(document);
  return (
    at && {
      place: { file: document.file, at },
      message:
        'nothing in this file counts: with a comment or a trailing comma it is not the strict JSON that Claude Code reads',
      severity: 'error',
    }
  );
}

/** The engine's own parser says it many times faster; what it refuses is looked through. */
function isStrict(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function holdsProtection(root: JsonNode | undefined): boolean {
  const permissions = member(root, 'permissions')?.value;
  return (
    elements(member(permissions, 'deny')?.value).length > 0 ||
    member(permissions, 'disableBypassPermissionsMode') !== undefined ||
    ['hooks', 'sandbox', 'deniedMcpServers', 'allowedMcpServers', 'strictKnownMarketplaces'].some(
      (key) => member(root, key) !== undefined,
    )
  );
}
