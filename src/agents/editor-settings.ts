import { remember } from '../core/remember.js';
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
const isNear = holding(
  /^(?:chat|claudeCode|dev|dotfiles|git|remote|security|task|terminal)(?:\.|$)|(?:path|tsdk|command)s?$/i,
);

/** A question about an object: whether a key of it matches. Nearly all settings are about other things. */
export function holding(wanted: RegExp): (object: JsonNode | undefined) => boolean {
  const isWanted = remember((key) => wanted.test(key));
  return (object) => members(object).some(({ key }) => isWanted(key));
}

/** Settings whose value is a program that the editor starts. */
const programs =
  /^(?:git\.path|python\.(?:defaultInterpreterPath|pythonPath)|eslint\.(?:nodePath|runtime)|prettier\.prettierPath|typescript\.tsdk|js\/ts\.tsdk\.path|rust-analyzer\.(?:server\.path|cargo\.sysroot)|go\.(?:goroot|gopath)|clangd\.path|cmake\.cmakePath|java\.jdt\.ls\.java\.home|[\w-]+(?:\.[\w-]+)*\.(?:executablePath|serverPath|binaryPath|executable))$/;
export const isProgram = remember((key) => programs.test(key));
const namesProgram = holding(programs);

/** Whether a rule may ask about any of them. */
function isConcerned(settings: JsonNode | undefined): boolean {
  return isNear(settings) || namesProgram(settings);
}

/** The settings that a devcontainer.json gives an editor, in today's place and in the one before it. */
export function editorSettingsIn(document: JsonDocument, judged: JudgedContainer): readonly EditorSettings[] {
  const { root } = document;
  const vscode = member(member(root, 'customizations')?.value, 'vscode')?.value;
  const found: EditorSettings[] = [];
  for (const place of [member(vscode, 'settings'), member(root, 'settings')])
    if (place && isConcerned(place.value))
      found.push({ document, settings: place.value, tasks: [], forwarding: [], judged });
  const forwarding = listForwarding(root);
  if (forwarding.length > 0) found.push({ document, settings: undefined, tasks: [], forwarding, judged });
  return found;
}

function listForwarding(root: JsonNode | undefined): readonly JsonNode[] {
  const ports = member(root, 'portsAttributes')?.value;
  const others = member(root, 'otherPortsAttributes')?.value;
  if (!ports && !others) return [];
  return [...members(ports).map(({ value }) => value), others].flatMap(
    (port) => member(port, 'onAutoForward')?.value ?? [],
  );
}

/** The same of the files that lie in a workspace: `.vscode/settings.json`, `.vscode/tasks.json`, `*.code-workspace`. */
export function workspaceEditorSettings(settings: readonly AgentSettings[]): readonly EditorSettings[] {
  return settings.flatMap(({ agent, image, document }) => {
    if (agent !== 'vscode' || image) return [];
    const parts = partsOf(document);
    const isAsked = parts.tasks.length > 0 || isConcerned(parts.settings);
    return isAsked ? [{ document, ...parts, forwarding: [], judged: undefined }] : [];
  });
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
