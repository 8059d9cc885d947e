import { elements, type JsonMember, type JsonNode, member, members, stringValue } from '../documents/json.js';
import { type EditorSettings, editorSetting, holding, isProgram } from './editor-settings.js';

/** A part of an editor's settings that makes it run something of the repository. */
export interface EditorExecution {
  /** What is reported, and what the fix takes out. */
  readonly node: JsonNode;
  readonly message: string;
  /** `folder`: as soon as the folder is opened. `use`: when a terminal or a tool is started, with something else than is meant. `tool`: a tool of the project. */
  readonly when: 'folder' | 'use' | 'tool';
}

/** Everything that an editor starts because of these settings and not because somebody asked for that program. */
export function* findExecutions(subject: EditorSettings): Iterable<EditorExecution> {
  yield* findTasks(subject);
  for (const node of subject.forwarding) {
    const value = stringValue(node);
    if (value?.startsWith('openBrowser'))
      yield {
        node,
        message: `onAutoForward is ${value}: whatever listens on the port inside opens a page on the host`,
        when: 'tool',
      };
  }
  yield* findTerminals(subject);
  yield* findPrograms(subject);
}

const holdsTasks = holding(/^task(?:\.|$)/);

function* findTasks({ settings, tasks }: EditorSettings): Iterable<EditorExecution> {
  for (const task of tasks) {
    const runOn = member(member(task, 'runOptions')?.value, 'runOn')?.value;
    if (!runOn || stringValue(runOn) !== 'folderOpen') continue;
    const name = stringValue(member(task, 'label')?.value) ?? stringValue(member(task, 'taskName')?.value);
    yield {
      node: runOn,
      message: `the task ${name === undefined ? 'without a name' : JSON.stringify(name)} starts as soon as the folder is opened (runOn folderOpen)`,
      when: 'folder',
    };
  }
  if (!holdsTasks(settings)) return;
  const automatic = editorSetting(settings, 'task.allowAutomaticTasks');
  const value = stringValue(automatic?.value);
  if (automatic && (value === 'on' || value === 'auto'))
    yield {
      node: automatic.value,
      message: `task.allowAutomaticTasks is ${value}: tasks that start with the folder need no consent`,
      when: 'folder',
    };
}

const systems = ['linux', 'osx', 'windows'];
const injecting =
  /^(?:LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH|DYLD_INSERT_LIBRARIES|BASH_ENV|ENV|PROMPT_COMMAND|PYTHONSTARTUP|PERL5OPT|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|ZDOTDIR)$/;

const holdsTerminals = holding(/^terminal(?:\.|$)/);

function* findTerminals({ settings }: EditorSettings): Iterable<EditorExecution> {
  if (!holdsTerminals(settings)) return;
  for (const system of systems) {
    const automation = editorSetting(settings, `terminal.integrated.automationProfile.${system}`);
    const profiles = members(editorSetting(settings, `terminal.integrated.profiles.${system}`)?.value);
    for (const profile of automation ? [automation, ...profiles] : profiles) yield* findShell(profile);
    for (const name of ['shell', 'automationShell']) {
      const shell = editorSetting(settings, `terminal.integrated.${name}.${system}`);
      if (shell && isOwn(shell.value))
        yield { node: shell.value, message: ownProgram(shell, 'each terminal'), when: 'use' };
    }
    const variables = editorSetting(settings, `terminal.integrated.env.${system}`)?.value;
    for (const { key, property, value } of members(variables))
      if (injects(key, stringValue(value)))
        yield {
          node: property,
          message: `${key} in terminal.integrated.env.${system} loads code into what is started in a terminal`,
          when: 'use',
        };
  }
}

function injects(name: string, value: string | undefined): boolean {
  if (!value) return false;
  if (name === 'NODE_OPTIONS')
    return /(?:^|\s)(?:-r|--require|--import|--(?:experimental-)?loader)\b/.test(value);
  if (name === 'RUBYOPT') return /(?:^|\s)-r/.test(value);
  if (name === 'JAVA_TOOL_OPTIONS') return /-(?:javaagent|agentpath|agentlib)/.test(value);
  return injecting.test(name);
}

/** A profile of a terminal whose program or argument is a file of the repository. */
function* findShell({ key, value }: JsonMember): Iterable<EditorExecution> {
  const nodes = [member(value, 'path')?.value, member(value, 'args')?.value].flatMap((node) => {
    if (node?.type === 'array') return elements(node);
    return node ? [node] : [];
  });
  const own = nodes.find(isOwn);
  if (own)
    yield {
      node: own,
      message: `the terminal profile ${key} starts ${String(own.value)}, a file of the repository`,
      when: 'use',
    };
}

function* findPrograms({ settings }: EditorSettings): Iterable<EditorExecution> {
  for (const one of members(settings)) {
    if (!isProgram(one.key)) continue;
    const own = one.value.type === 'array' ? elements(one.value).find(isOwn) : one.value;
    if (!own || !isOwn(own)) continue;
    const isGit = one.key === 'git.path';
    // What a package manager put there is the project's own, as every import is.
    if (
      !isGit &&
      /(?:^|[\\/])(?:\.?venv|env|node_modules|\.yarn|\.direnv|\.pixi|\.conda)(?:[\\/]|$)/.test(
        String(own.value),
      )
    )
      continue;
    yield { node: own, message: ownProgram(one, 'the editor'), when: isGit ? 'use' : 'tool' };
  }
}

function ownProgram({ key, value }: JsonMember, who: string): string {
  const shown = value.type === 'array' ? 'a file' : String(value.value);
  return `${key} makes ${who} start ${shown}, which lies in the repository`;
}

/** Whether a text names a file of the repository: relative, or below the folder that is open. */
function isOwn(node: JsonNode): boolean {
  const text = stringValue(node);
  return (
    text !== undefined &&
    /^(?:\$\{workspace(?:Folder|Root)(?::[^}]*)?\}[\\/]|\.{1,2}[\\/]|\.[\w-]+[\\/])/.test(text)
  );
}
