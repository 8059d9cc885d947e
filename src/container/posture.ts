import type { Place, SourceFile } from '../core/text.js';
import { elements, type JsonDocument, member, placeOf, stringValue } from '../documents/json.js';
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

/** Which agents the container has, and where it lets one run without asking, as far as its own files say. */
export function readPosture(sources: PostureSources): Posture {
  const commands = listCommands(sources);
  const extensions = listExtensions(sources.document);
  const agents = known.flatMap((marks): Sign[] => {
    const place = findAgent(marks, sources, commands, extensions);
    return place ? [{ place, what: marks.title }] : [];
  });
  const flags = commands.flatMap(({ text, placeAt }) =>
    unattendedIn(text).map(({ start, end }) => ({
      place: placeAt(start, end),
      what: text.slice(start, end),
    })),
  );
  const variables = sources.environment.flatMap(({ value, place }) =>
    unattendedIn(value.value ?? '').length > 0 ? [{ place, what: value.name }] : [],
  );
  return { agents, unattended: [...flags, ...variables, ...unattendedEditor(sources.document)] };
}

interface CommandText {
  readonly text: string;
  placeAt(start: number, end: number): Place;
}

/** What runs in the container: lifecycle commands, their scripts, and the Dockerfile's instructions. */
function listCommands({ lifecycle, build }: PostureSources): readonly CommandText[] {
  const own = lifecycle
    .filter(({ value }) => value.hook !== 'initializeCommand')
    .flatMap(({ value, place }): CommandText[] => [
      value.script === undefined
        ? { text: value.argv?.join(' ') ?? '', placeAt: () => place }
        : { text: value.script, placeAt: value.placeOf },
      ...value.scripts.map(({ file }) => fileText(file, 0, file.text.length)),
    ]);
  const instructions = (build?.chain ?? []).flatMap(({ instructions }) =>
    instructions
      .filter(({ keyword }) => /^(?:RUN|CMD|ENTRYPOINT|ENV)$/.test(keyword))
      .map(({ at }) => fileText((build as Build).file, at.start, at.end)),
  );
  return [...own, ...instructions];
}

function fileText(file: SourceFile, from: number, to: number): CommandText {
  return {
    text: file.text.slice(from, to),
    placeAt: (start, end) => ({ file, at: { start: from + start, end: from + end } }),
  };
}

function listExtensions(document: JsonDocument): readonly { readonly id: string; readonly place: Place }[] {
  const { root } = document;
  const vscode = member(member(root, 'customizations')?.value, 'vscode')?.value;
  return [member(vscode, 'extensions'), member(root, 'extensions')].flatMap((list) =>
    elements(list?.value).flatMap((node) => {
      const id = stringValue(node)?.toLowerCase().replace(/@.*$/, '');
      return id === undefined ? [] : [{ id, place: placeOf(document, node) }];
    }),
  );
}

function findAgent(
  marks: AgentMarks,
  { features, mounts, environment }: PostureSources,
  commands: readonly CommandText[],
  extensions: readonly { readonly id: string; readonly place: Place }[],
): Place | undefined {
  const feature = features.find(({ value }) => marks.feature.test(value.id));
  if (feature) return feature.place;
  for (const { text, placeAt } of commands) {
    const match = marks.command.exec(text);
    if (match) return placeAt(match.index, match.index + match[0].length);
  }
  return (
    extensions.find(({ id }) => marks.extension.test(id)) ??
    mounts.find(({ value }) => isState(value) && marks.state.test(value.target.replace(/\/+$/, ''))) ??
    environment.find(({ value }) => marks.key.test(value.name))
  )?.place;
}

/** The project's own settings of an agent, mounted over themselves, are no state that one keeps. */
function isState(mount: Mount): mount is Mount & { target: string } {
  return mount.target !== undefined && mount.host?.base !== 'workspace';
}

const editorSettings: Readonly<Record<string, (value: unknown) => boolean>> = {
  'chat.tools.global.autoApprove': (value) => value === true,
  'chat.tools.autoApprove': (value) => value === true,
  'chat.permissions.default': (value) => value === 'autoApprove' || value === 'autopilot',
  'claudeCode.initialPermissionMode': (value) => value === 'bypassPermissions',
};

function unattendedEditor(document: JsonDocument): readonly Sign[] {
  const vscode = member(member(document.root, 'customizations')?.value, 'vscode')?.value;
  return [member(vscode, 'settings')?.value, member(document.root, 'settings')?.value].flatMap((settings) =>
    Object.entries(editorSettings).flatMap(([key, isOn]) => {
      const found = member(settings, key);
      return found && isOn(found.value.value)
        ? [{ place: placeOf(document, found.property), what: key }]
        : [];
    }),
  );
}
