import { withoutReturns } from '../container/simple-commands.js';
import type { Project } from '../core/rule.js';
import type { Place } from '../core/text.js';
import { elements, type JsonNode, member, members, placeOf, stringValue } from '../documents/json.js';
import { removeSettings, type SettingsDocument } from '../documents/settings.js';
import type { AgentName, Setting } from './agent-settings.js';
import { isShellScript, type NamedScript, namedScripts } from './hook-scripts.js';
import { findShellDangers, type ShellDanger } from './shell-dangers.js';

/** A command that an agent runs by itself at an event, whatever the format that says so. */
export interface HookCommand extends Setting {
  /** As written: `PreToolUse`, `beforeShellExecution`. */
  readonly event: string;
  readonly eventNode: JsonNode;
  /** The definition of this one hook. */
  readonly node: JsonNode;
  /** The tools it is for; undefined where it says none. */
  readonly matcher: { readonly text: string; readonly place: Place } | undefined;
  /** A shell's text; undefined for a hook of another kind. */
  readonly command: { readonly text: string; readonly place: Place } | undefined;
  /** The address that an `http` hook sends the event to. */
  readonly url: { readonly text: string; readonly place: Place } | undefined;
  /** Runs without anybody having asked for anything. */
  readonly zeroClick: boolean;
  /** Asked before something happens, so that it can refuse. */
  readonly gate: boolean;
  readonly dangers: readonly ShellDanger[];
  readonly scripts: readonly HookScript[];
}

export interface HookScript extends NamedScript {
  readonly dangers: readonly ShellDanger[];
}

const zeroClick = /^(?:SessionStart|Setup|workspaceOpen|sessionStart|InstructionsLoaded|folderOpen)$/;
const gates =
  /^(?:PreToolUse|PermissionRequest|UserPromptSubmit|BeforeTool|BeforeModel|preToolUse|before(?:ShellExecution|MCPExecution|ReadFile|SubmitPrompt|TabFileRead))$/;

export interface HookContext {
  /** The project's root, below which scripts are looked for. */
  readonly root: string;
  readonly project: Project;
}

/**
 * The hooks of a file: `hooks: { Event: [{ matcher, hooks: [{ command }] }] }` of Claude Code, Codex and Gemini CLI, and
 * the flat `hooks: { event: [{ command }] }` of Cursor and Copilot.
 */
export async function readHooks(
  document: SettingsDocument,
  context: HookContext,
): Promise<readonly HookCommand[]> {
  const found: HookCommand[] = [];
  for (const { key: event, keyNode, value } of members(member(document.root, 'hooks')?.value)) {
    for (const group of elements(value)) {
      const inner = member(group, 'hooks')?.value;
      for (const node of inner ? elements(inner) : [group])
        found.push(await readHook(document, context, { event, eventNode: keyNode, group, node }));
    }
  }
  return found;
}

interface HookNodes {
  readonly event: string;
  readonly eventNode: JsonNode;
  readonly group: JsonNode;
  readonly node: JsonNode;
}

async function readHook(
  document: SettingsDocument,
  context: HookContext,
  { event, eventNode, group, node }: HookNodes,
): Promise<HookCommand> {
  const at = (one: JsonNode | undefined) => {
    const text = stringValue(one);
    return one && text !== undefined ? { text, place: placeOf(document, one) } : undefined;
  };
  const of = (...keys: readonly string[]) =>
    keys.map((key) => member(node, key)?.value).find((value) => value !== undefined);
  const command = at(of('command', 'bash'));
  const scripts = command ? namedScripts(command.text, context.root, context.project) : [];
  const isOnly = elements(member(group, 'hooks')?.value).length <= 1;
  return {
    event,
    eventNode,
    node,
    matcher: at(member(group, 'matcher')?.value),
    command,
    url: at(of('url')),
    zeroClick: zeroClick.test(event),
    gate: gates.test(event),
    dangers: command ? await findShellDangers(command.text) : [],
    scripts: await Promise.all(scripts.map(judgeScript)),
    place: command?.place ?? placeOf(document, node),
    // A group without hooks would stay as an empty shell.
    remove: () => removeSettings(document, [isOnly ? group : node]),
  };
}

async function judgeScript(script: NamedScript): Promise<HookScript> {
  const isShell = script.file && isShellScript(script.file);
  const dangers = isShell && script.file ? await findShellDangers(withoutReturns(script.file.text)) : [];
  return { ...script, dangers };
}

/** Agents of which the hooks stand in the file of settings itself. */
export function hasHooks(agent: AgentName): boolean {
  return ['claude', 'codex', 'gemini', 'qwen', 'cursor', 'copilot'].includes(agent);
}
