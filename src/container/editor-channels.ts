import type { Edit } from '../core/rule.js';
import { type JsonDocument, type JsonNode, member } from '../documents/json.js';
import { setMembers } from '../documents/json-edits.js';

/** Something that an attached editor lets the container use of the host, and how a devcontainer.json says no. */
export interface EditorChannel {
  /** In a list behind "brings in": 'the ssh agent'. */
  readonly title: string;
  /** Variables that carry it in, and that nothing sets. */
  readonly variables: readonly string[];
  /** The editor's setting that switches it off. */
  readonly setting?: string;
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

const localTerminals: EditorChannel = {
  title: 'terminals on the host',
  variables: [],
  setting: 'terminal.integrated.allowLocalTerminal',
};
const ports: EditorChannel = {
  title: 'ports that open by themselves',
  variables: [],
  setting: 'remote.autoForwardPorts',
};

/** The channels that a devcontainer.json leaves open. A variable that it sets is its author's decision, whatever the value. */
export function findOpenChannels({ root }: JsonDocument): readonly EditorChannel[] {
  const remote = member(root, 'remoteEnv')?.value;
  const own = member(root, 'containerEnv')?.value;
  const isSet = (name: string) =>
    (remote !== undefined && member(remote, name) !== undefined) ||
    (own !== undefined && member(own, name) !== undefined);
  const places = [member(customized(root), 'settings'), member(root, 'settings')];
  const isOff = ({ setting = '' }: EditorChannel) =>
    places.some((settings) => settings && member(settings.value, setting)?.value.value === false);
  const others = member(member(root, 'otherPortsAttributes')?.value, 'onAutoForward')?.value.value;
  return [
    ...channels.filter(({ variables }) => !variables.every(isSet)),
    ...(isOff(localTerminals) ? [] : [localTerminals]),
    ...(isOff(ports) || others === 'ignore' ? [] : [ports]),
  ].map((channel) => ({ ...channel, variables: channel.variables.filter((name) => !isSet(name)) }));
}

function customized(root: JsonNode | undefined): JsonNode | undefined {
  return member(member(root, 'customizations')?.value, 'vscode')?.value;
}

/** Edits that blank the variables and switch the settings off; none where something else than an object stands in the way. */
export function offerClosing(document: JsonDocument, open: readonly EditorChannel[]): readonly Edit[] {
  if (document.root?.type !== 'object') return [];
  const blanks = open.flatMap(({ variables }) => variables.map((name) => [name, ''] as const));
  const switches = open.flatMap(({ setting }) => (setting ? [[setting, false] as const] : []));
  const added = [
    nest(document.root, ['remoteEnv'], Object.fromEntries(blanks)),
    nest(document.root, ['customizations', 'vscode', 'settings'], Object.fromEntries(switches)),
  ];
  const objects = new Set(added.map(({ object }) => object));
  if ([...objects].some(({ type }) => type !== 'object')) return [];
  return [...objects].flatMap((object) =>
    setMembers(
      document,
      object,
      Object.assign({}, ...added.filter((one) => one.object === object).map(({ values }) => values)),
    ),
  );
}

type Values = Readonly<Record<string, unknown>>;

/** The deepest node on a path that is there, and what it has to get for the rest of the path and the values. */
function nest(root: JsonNode, path: readonly string[], values: Values): { object: JsonNode; values: Values } {
  if (Object.keys(values).length === 0) return { object: root, values };
  const [key, ...rest] = path;
  if (key === undefined) return { object: root, values };
  const next = member(root, key)?.value;
  if (next) return nest(next, rest, values);
  return { object: root, values: path.reduceRight<Values>((inner, name) => ({ [name]: inner }), values) };
}
