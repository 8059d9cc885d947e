import type { Edit } from '../core/rule.js';
import { type JsonDocument, type JsonNode, member } from '../documents/json.js';
import { setMember } from '../documents/json-edits.js';

/** Something that an attached editor lets the container use of the host, and how a devcontainer.json says no. */
export interface EditorChannel {
  /** In a list behind "brings in": 'the ssh agent'. */
  readonly title: string;
  /** Variables that have to be empty or unset. */
  readonly variables: readonly string[];
}

const channels: readonly EditorChannel[] = [
  { title: 'the ssh agent', variables: ['SSH_AUTH_SOCK'] },
  { title: 'the gpg agent', variables: ['GPG_AGENT_INFO'] },
  {
    title: 'the git login',
    variables: ['GIT_ASKPASS', 'VSCODE_GIT_ASKPASS_MAIN', 'VSCODE_GIT_ASKPASS_NODE', 'VSCODE_GIT_IPC_HANDLE'],
  },
  {
    title: "the editor's own command line",
    variables: ['VSCODE_IPC_HOOK_CLI', 'REMOTE_CONTAINERS_IPC', 'REMOTE_CONTAINERS_SOCKETS'],
  },
  { title: 'the browser', variables: ['BROWSER'] },
  { title: 'the display', variables: ['DISPLAY', 'WAYLAND_DISPLAY'] },
];

const localTerminals: EditorChannel = { title: 'terminals on the host', variables: [] };
const ports: EditorChannel = { title: 'ports that open by themselves', variables: [] };

/** The channels that a devcontainer.json leaves open. */
export function findOpenChannels(document: JsonDocument): readonly EditorChannel[] {
  const { root } = document;
  const open = channels.filter(({ variables }) => variables.some((name) => !isBlank(root, name)));
  const vscode = member(member(root, 'customizations')?.value, 'vscode')?.value;
  const isOff = (key: string) =>
    [member(vscode, 'settings'), member(root, 'settings')].some(
      (settings) => member(settings?.value, key)?.value.value === false,
    );
  const others = member(member(root, 'otherPortsAttributes')?.value, 'onAutoForward')?.value.value;
  return [
    ...open,
    ...(isOff('terminal.integrated.allowLocalTerminal') ? [] : [localTerminals]),
    ...(isOff('remote.autoForwardPorts') || others === 'ignore' ? [] : [ports]),
  ];
}

/** Empty, or null, with which an editor unsets it. */
function isBlank(root: JsonNode | undefined, name: string): boolean {
  return ['remoteEnv', 'containerEnv'].some((property) => {
    const value = member(member(root, property)?.value, name)?.value;
    return value?.value === '' || (value?.type === 'null' && property === 'remoteEnv');
  });
}

/** Edits that blank the variables, where none has a value yet: one that is set on purpose is for its author. */
export function offerClosing(document: JsonDocument, open: readonly EditorChannel[]): readonly Edit[] {
  const names = open.flatMap(({ variables }) => variables);
  if (!document.root || names.length === 0 || member(document.root, 'remoteEnv')) return [];
  return setMember(document, document.root, 'remoteEnv', Object.fromEntries(names.map((name) => [name, ''])));
}
