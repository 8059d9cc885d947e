import {
  elements,
  type JsonDocument,
  type JsonMember,
  type JsonNode,
  member,
  members,
} from '../documents/json.js';
import type { AgentSettings, JudgedContainer } from './agent-settings.js';

declare module '../core/rule.js' {
  interface Subjects {
    'editor-settings': EditorSettings;
  }
}

/** What one file says to VS Code and the editors made from it. */
export interface EditorSettings {
  readonly document: JsonDocument;
  /** The object of settings by dotted names. */
  readonly settings: JsonNode | undefined;
  readonly tasks: readonly JsonNode[];
  /** What happens when something listens on a port: the values of `onAutoForward`. */
  readonly forwarding: readonly JsonNode[];
  /** The container that an editor applies them in; undefined for files that also count where the folder is opened on the host. */
  readonly judged: JudgedContainer | undefined;
}

/** Beginnings of the settings that a rule asks about: a file without any of them is not looked at further. */
const concerned =
  /^(?:chat|claudeCode|dev|dotfiles|git|remote|security|task|terminal)(?:\.|$)|(?:path|tsdk|command)s?$/i;

/** The settings that a devcontainer.json gives an editor, in today's place and in the one before it. */
export function editorSettingsIn(document: JsonDocument, judged: JudgedContainer): readonly EditorSettings[] {
  const { root } = document;
  const vscode = member(member(root, 'customizations')?.value, 'vscode')?.value;
  const objects = [member(vscode, 'settings')?.value, member(root, 'settings')?.value].filter((settings) =>
    members(settings).some(({ key }) => concerned.test(key)),
  );
  const none = { document, tasks: [], judged };
  const forwarding = listForwarding(root);
  const ports = forwarding.length > 0 ? [{ ...none, settings: undefined, forwarding }] : [];
  return [...objects.map((settings) => ({ ...none, settings, forwarding: [] })), ...ports];
}

function listForwarding(root: JsonNode | undefined): readonly JsonNode[] {
  const ports = members(member(root, 'portsAttributes')?.value).map(({ value }) => value);
  const others = member(root, 'otherPortsAttributes')?.value;
  return [...ports, ...(others ? [others] : [])].flatMap(
    (port) => member(port, 'onAutoForward')?.value ?? [],
  );
}

/** The same of the files that lie in a workspace: `.vscode/settings.json`, `.vscode/tasks.json`, `*.code-workspace`. */
export function workspaceEditorSettings(settings: readonly AgentSettings[]): readonly EditorSettings[] {
  return settings
    .filter(({ agent, image }) => agent === 'vscode' && !image)
    .map(({ document }) => ({ document, ...partsOf(document), forwarding: [], judged: undefined }));
}

function partsOf({ file, root }: JsonDocument): Pick<EditorSettings, 'settings' | 'tasks'> {
  if (file.path.endsWith('tasks.json'))
    return { settings: undefined, tasks: elements(member(root, 'tasks')?.value) };
  if (!file.path.endsWith('.code-workspace')) return { settings: root, tasks: [] };
  const tasks = member(member(root, 'tasks')?.value, 'tasks')?.value;
  return { settings: member(root, 'settings')?.value, tasks: elements(tasks) };
}

/** A setting by its dotted name, whether it is written as one key or as objects within each other. */
export function editorSetting(object: JsonNode | undefined, name: string): JsonMember | undefined {
  const whole = member(object, name);
  if (whole) return whole;
  for (let at = name.indexOf('.'); at >= 0; at = name.indexOf('.', at + 1)) {
    const outer = member(object, name.slice(0, at));
    const inner = outer && editorSetting(outer.value, name.slice(at + 1));
    if (inner) return inner;
  }
  return undefined;
}
