import { remember } from '../core/remember.js';
import type { Place, SourceFile } from '../core/text.js';
import {
  elements,
  type JsonDocument,
  type JsonNode,
  member,
  placeOf,
  stringValue,
} from '../documents/json.js';
import type {
  Declared,
  DeclaredMount,
  EnvironmentVariable,
  Feature,
  LifecycleCommand,
  Mount,
  Posture,
  Sign,
} from './container.js';
import type { Build } from './dockerfile-build.js';
import { unattendedIn } from './unattended.js';

/** What tells that an agent is installed or set up; each pattern is matched against lower-case text. */
interface AgentMarks {
  readonly title: string;
  readonly feature: RegExp;
  /** Packages and installers, in commands. */
  readonly command: RegExp;
  readonly extension: RegExp;
  /** The folder of its state, at the end of a mount's target. */
  readonly state: RegExp;
  readonly key: RegExp;
}

const never = /(?!)/;
const known: readonly AgentMarks[] = [
  {
    title: 'Claude Code',
    feature: /\/claude-code$/,
    command: /@anthropic-ai\/claude-code|claude\.ai\/install\.sh/,
    extension: /^anthropic\.claude-code$/,
    state: /\/\.claude$/,
    key: /^(?:ANTHROPIC_API_KEY|ANTHROPIC_AUTH_TOKEN|CLAUDE_CODE_OAUTH_TOKEN|CLAUDE_CONFIG_DIR)$/,
  },
  {
    title: 'Codex',
    feature: /\/codex(?:-cli)?$/,
    command: /@openai\/codex/,
    extension: /^openai\.chatgpt$/,
    state: /\/\.codex$/,
    key: /^(?:CODEX_API_KEY|CODEX_HOME)$/,
  },
  {
    title: 'Gemini CLI',
    feature: /\/gemini(?:-cli)?$/,
    command: /@google\/gemini-cli/,
    extension: /^google\.(?:geminicodeassist|gemini-cli-vscode-ide-companion)$/,
    state: /\/\.gemini$/,
    key: /^GEMINI_API_KEY$/,
  },
  {
    title: 'Copilot',
    feature: /\/copilot-cli$/,
    command: /@github\/copilot(?![\w-])|gh\.io\/copilot-install/,
    extension: /^github\.copilot-chat$/,
    state: /\/\.copilot$/,
    key: /^COPILOT_GITHUB_TOKEN$/,
  },
  {
    title: 'OpenCode',
    feature: /\/opencode$/,
    command: /opencode-ai(?![\w-])|opencode\.ai\/install/,
    extension: /^sst-dev\.opencode$/,
    state: /\/(?:\.config|\.local\/share)\/opencode$/,
    key: never,
  },
  {
    title: 'Cursor',
    feature: /\/cursor(?:-cli|-agent)?$/,
    command: /cursor\.com\/install/,
    extension: never,
    state: /\/\.cursor$/,
    key: /^CURSOR_API_KEY$/,
  },
  {
    title: 'Aider',
    feature: /\/aider$/,
    command: /\baider-(?:chat|install)\b/,
    extension: never,
    state: never,
    key: /^AIDER_/,
  },
  {
    title: 'Amp',
    feature: /\/amp(?:-cli)?$/,
    command: /@sourcegraph\/amp(?![\w-])/,
    extension: /^sourcegraph\.amp$/,
    state: /\/\.config\/amp$/,
    key: /^AMP_API_KEY$/,
  },
  {
    title: 'Qwen Code',
    feature: /\/qwen-code$/,
    command: /@qwen-code\/qwen-code/,
    extension: never,
    state: /\/\.qwen$/,
    key: never,
  },
  {
    title: 'Cline',
    feature: never,
    command: never,
    extension: /^saoudrizwan\.claude-dev$/,
    state: never,
    key: never,
  },
  {
    title: 'Roo',
    feature: never,
    command: never,
    extension: /^rooveterinaryinc\.roo-cline$/,
    state: never,
    key: never,
  },
  {
    title: 'Continue',
    feature: never,
    command: /@continuedev\/cli/,
    extension: /^continue\.continue$/,
    state: never,
    key: never,
  },
];

/** The parts of a container that the posture is read from. */
export interface PostureSources {
  readonly document: JsonDocument;
  readonly build: Build | undefined;
  readonly features: readonly Declared<Feature>[];
  readonly mounts: readonly DeclaredMount[];
  readonly environment: readonly Declared<EnvironmentVariable>[];
  readonly lifecycle: readonly Declared<LifecycleCommand>[];
}

/** The agents that a text of one kind tells of: of most texts none. */
function agentsBy(
  kind: Exclude<keyof AgentMarks, 'title'>,
  read: (text: string) => string = (text) => text,
): (text: string) => readonly AgentMarks[] {
  return remember((text) => {
    const telling = read(text);
    return known.filter((marks) => marks[kind].test(telling));
  });
}

const agentsByFeature = agentsBy('feature');
const agentsByCommand = agentsBy('command');
const agentsByExtension = agentsBy('extension', (text) => text.toLowerCase().replace(/@.*$/, ''));
const agentsByState = agentsBy('state', (text) => text.replace(/\/+$/, ''));
const agentsByKey = agentsBy('key');

/** Which agents the container has, and where it lets one run without asking, as far as its own files say. */
export function readPosture(sources: PostureSources): Posture {
  const commands = listCommands(sources);
  const unattended: Sign[] = [];
  for (const { text, placeAt } of commands)
    for (const { start, end } of unattendedIn(text))
      unattended.push({ place: placeAt(start, end), what: text.slice(start, end) });
  for (const { value, place } of sources.environment)
    if (value.value && unattendedIn(value.value).length > 0) unattended.push({ place, what: value.name });
  addUnattendedEditor(sources.document, unattended);
  return { agents: findAgents(sources, commands), unattended };
}

/** Each agent with the first place that tells of it: a Feature says more than a command, and a command than a variable. */
function findAgents(
  { document, features, mounts, environment }: PostureSources,
  commands: readonly CommandText[],
): readonly Sign[] {
  const found: FoundAgent[] = [];
  for (const { value, place } of features) addAgents(found, agentsByFeature(value.id), place);
  for (const { text, placeAt } of commands)
    for (const marks of agentsByCommand(text)) {
      const match = marks.command.exec(text);
      const start = match?.index ?? 0;
      found.push({ marks, place: placeAt(start, start + (match?.[0].length ?? 0)) });
    }
  const vscode = vscodeOf(document.root);
  addExtensions(found, document, member(vscode, 'extensions')?.value);
  addExtensions(found, document, member(document.root, 'extensions')?.value);
  for (const { value, place } of mounts)
    if (isState(value)) addAgents(found, agentsByState(value.target), place);
  for (const { value, place } of environment) addAgents(found, agentsByKey(value.name), place);
  // Of most containers none.
  if (found.length === 0) return [];
  return known.flatMap((marks) => {
    const first = found.find((one) => one.marks === marks);
    return first ? [{ place: first.place, what: marks.title }] : [];
  });
}

interface FoundAgent {
  readonly marks: AgentMarks;
  readonly place: Place;
}

function addAgents(found: FoundAgent[], agents: readonly AgentMarks[], place: Place): void {
  for (const marks of agents) found.push({ marks, place });
}

function addExtensions(found: FoundAgent[], document: JsonDocument, list: JsonNode | undefined): void {
  for (const node of elements(list))
    for (const marks of agentsByExtension(stringValue(node) ?? ''))
      found.push({ marks, place: placeOf(document, node) });
}

interface CommandText {
  readonly text: string;
  placeAt(start: number, end: number): Place;
}

/** What runs in the container: lifecycle commands, their scripts, and the Dockerfile's instructions. */
function listCommands({ lifecycle, build }: PostureSources): readonly CommandText[] {
  const found: CommandText[] = [];
  for (const { value, place } of lifecycle) {
    const { hook, script, argv, scripts, placeOf } = value;
    if (hook === 'initializeCommand') continue;
    if (script === undefined) found.push({ text: argv?.join(' ') ?? '', placeAt: () => place });
    else found.push({ text: script, placeAt: placeOf });
    for (const { file } of scripts) found.push(fileText(file, 0, file.text.length));
  }
  if (!build) return found;
  for (const { instructions } of build.chain)
    for (const { keyword, at } of instructions)
      if (telling.has(keyword)) found.push(fileText(build.file, at.start, at.end));
  return found;
}

/** Instructions that install something, or set it up. */
const telling: ReadonlySet<string> = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'ENV']);

function fileText(file: SourceFile, from: number, to: number): CommandText {
  return {
    text: file.text.slice(from, to),
    placeAt: (start, end) => ({ file, at: { start: from + start, end: from + end } }),
  };
}

function vscodeOf(root: JsonNode | undefined): JsonNode | undefined {
  return member(member(root, 'customizations')?.value, 'vscode')?.value;
}

/** The project's own settings of an agent, mounted over themselves, are no state that one keeps. */
function isState(mount: Mount): mount is Mount & { target: string } {
  return mount.target !== undefined && mount.host?.base !== 'workspace';
}

const editorSettings: readonly (readonly [string, (value: unknown) => boolean])[] = [
  ['chat.tools.global.autoApprove', (value) => value === true],
  ['chat.tools.autoApprove', (value) => value === true],
  ['chat.permissions.default', (value) => value === 'autoApprove' || value === 'autopilot'],
  ['claudeCode.initialPermissionMode', (value) => value === 'bypassPermissions'],
];

function addUnattendedEditor(document: JsonDocument, unattended: Sign[]): void {
  const { root } = document;
  addUnattendedSettings(document, member(vscodeOf(root), 'settings')?.value, unattended);
  addUnattendedSettings(document, member(root, 'settings')?.value, unattended);
}

function addUnattendedSettings(
  document: JsonDocument,
  settings: JsonNode | undefined,
  unattended: Sign[],
): void {
  if (!settings) return;
  for (const [key, isOn] of editorSettings) {
    const found = member(settings, key);
    if (found && isOn(found.value.value))
      unattended.push({ place: placeOf(document, found.property), what: key });
  }
}
