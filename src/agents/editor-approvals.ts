import { type JsonMember, type JsonNode, members, plainValue } from '../documents/json.js';
import { approvalBreadth } from './approval-patterns.js';
import { type EditorSettings, editorSetting, holding } from './editor-settings.js';

/** A setting with which an editor's agent asks less. */
export interface Approval {
  /** What is reported: an entry of a map, or the value of a setting. */
  readonly node: JsonNode;
  readonly message: string;
  /** Settings that mean nothing without it, or the same a little weaker: they go with it. */
  readonly also?: readonly JsonNode[];
  /** Why it may have no effect: then it is no error. */
  readonly weak?: 'scope' | 'trust';
}

const holdsApprovals = holding(/^(?:chat|claudeCode|security)(?:\.|$)/);

/** The approvals that reach further than a project's own commands. */
export function* findApprovals({ settings }: EditorSettings): Iterable<Approval> {
  if (!holdsApprovals(settings)) return;
  for (const [name, isOn, effect, weak] of switches) {
    if (name === offered && isBypassed(settings)) continue;
    const found = editorSetting(settings, name);
    const value = plainValue(found?.value);
    if (found && isOn(value))
      yield {
        node: found.value,
        message: `${name} is ${JSON.stringify(value)}: ${effect}`,
        ...(weak && { weak }),
        ...(name === begun && { also: editorSettingNodes(settings, offered) }),
      };
  }
  const terminal = approved(settings, 'chat.tools.terminal.autoApprove');
  for (const { key, property } of terminal) {
    const breadth = approvalBreadth(key);
    if (breadth && breadth.level !== 'builder')
      yield {
        node: property,
        message: `chat.tools.terminal.autoApprove runs ${key} without a question: ${breadth.reason}`,
      };
  }
  const ignoring = editorSetting(settings, 'chat.tools.terminal.ignoreDefaultAutoApproveRules');
  if (ignoring?.value.value === true && terminal.length > 0)
    yield {
      node: ignoring.value,
      message: `${ignoring.key} also drops the built-in rules that ask before rm, curl, eval and the like`,
    };
  for (const { key, property } of approved(settings, 'chat.tools.edits.autoApprove'))
    if (/(?:^|[/{,*])\.(?:vscode|git|devcontainer|env)(?![\w-])/.test(key))
      yield {
        node: property,
        message: `chat.tools.edits.autoApprove lets ${key} be changed unseen: what the host runs or keeps secret lies there`,
      };
  for (const { key, property } of approved(settings, 'chat.tools.urls.autoApprove'))
    if (/^(?:(?:https?|\*):\/\/)?\*(?:[/:*]|\.\*)*$/.test(key.trim()))
      yield {
        node: property,
        message: `chat.tools.urls.autoApprove fetches ${key} without a question: every page can give instructions, and every address can be told things`,
      };
}

/** Said once: the mode that one setting offers, the other begins with. */
const offered = 'claudeCode.allowDangerouslySkipPermissions';
const begun = 'claudeCode.initialPermissionMode';

function editorSettingNodes(settings: JsonNode | undefined, name: string): readonly JsonNode[] {
  const found = editorSetting(settings, name);
  return found ? [found.value] : [];
}

function isBypassed(settings: JsonNode | undefined): boolean {
  return editorSetting(settings, begun)?.value.value === 'bypassPermissions';
}

type Switch = readonly [
  name: string,
  isOn: (value: unknown) => boolean,
  effect: string,
  weak?: Approval['weak'],
];

const isTrue = (value: unknown) => value === true;
const everyTool = 'every tool of the agent runs without a question';
const switches: readonly Switch[] = [
  [
    'chat.permissions.default',
    (value) => value === 'autoApprove' || value === 'autopilot',
    'new sessions of the agent ask nothing',
  ],
  [
    'chat.defaultConfiguration.approvals',
    (value) => value === 'allowAll',
    'new sessions of the agent ask nothing',
  ],
  [
    'chat.defaultConfiguration.mode',
    (value) => value === 'autopilot',
    'new sessions of the agent ask nothing',
  ],
  // The editor takes these from the user alone; editors made from it, and older ones, may believe the repository.
  ['chat.tools.global.autoApprove', isTrue, everyTool, 'scope'],
  ['chat.tools.autoApprove', isTrue, everyTool, 'scope'],
  [offered, isTrue, 'Claude Code offers a mode without any checks', 'scope'],
  [begun, (value) => value === 'bypassPermissions', 'Claude Code begins with its checks off', 'scope'],
  [
    'security.workspace.trust.enabled',
    (value) => value === false,
    'whatever folder is opened may run its tasks and extensions',
    'trust',
  ],
];

/** The entries of a map of approvals that approve. */
function approved(settings: JsonNode | undefined, name: string): readonly JsonMember[] {
  return members(editorSetting(settings, name)?.value).filter(({ value }) => {
    const plain = plainValue(value);
    if (typeof plain !== 'object' || plain === null) return plain === true;
    const { approve, approveRequest, approveResponse } = plain as Record<string, unknown>;
    return approve === true || approveRequest === true || approveResponse === true;
  });
}
