/** A tie between an editor and a container that only the user's own settings undo: a repository's are not obeyed for it. */
export interface HostSetting {
  readonly key: string;
  readonly wanted: unknown;
  /** The editor's own default is `wanted` already: only another value is a problem. */
  readonly usual: boolean;
  /** What happens without it, behind `the editor`. */
  readonly tie: string;
  /** What no longer works with it; undefined where nothing is lost. */
  readonly cost?: string;
  /** Only there it is of use. */
  readonly only?: 'linux' | 'windows';
}

/**
 * Sources: VS Code's documentation of Dev Containers and of its settings, and its threads on credential sharing, 2026-09.
 * No setting is known that keeps an ssh agent out; see `openVariables`.
 */
export const hostSettings: readonly HostSetting[] = [
  {
    key: 'dev.containers.gitCredentialHelperConfigLocation',
    wanted: 'none',
    usual: false,
    tie: "hands every login of the host's Git to the container",
    cost: 'pushing over HTTPS with your own login',
  },
  {
    key: 'dev.containers.copyGitConfig',
    wanted: false,
    usual: false,
    tie: 'copies ~/.gitconfig into the container, with helpers, aliases and signing keys',
    cost: 'your name in commits, until you set it inside',
  },
  {
    key: 'dev.containers.dockerCredentialHelper',
    wanted: false,
    usual: false,
    tie: "hands the engine's registry logins to the container",
  },
  {
    key: 'dev.containers.githubCLILoginWithToken',
    wanted: false,
    usual: true,
    tie: 'logs the GitHub CLI in the container in with your token',
  },
  {
    key: 'dev.containers.mountWaylandSocket',
    wanted: false,
    usual: false,
    tie: "mounts the desktop's socket, through which windows and the clipboard can be read",
    cost: 'windows of programs inside',
    only: 'linux',
  },
  {
    key: 'dev.containers.forwardWSLServices',
    wanted: false,
    usual: false,
    tie: "forwards WSL's ssh and gpg agents",
    only: 'windows',
  },
  {
    key: 'dev.containers.defaultExtensions',
    wanted: [],
    usual: true,
    tie: 'installs these extensions in every container, each of which can use all of its ties',
  },
  {
    key: 'terminal.integrated.allowLocalTerminal',
    wanted: false,
    usual: false,
    tie: 'lets an extension in the container open a terminal on the host',
    cost: 'local terminals in a window that is attached to a container',
  },
  {
    key: 'git.terminalAuthentication',
    wanted: false,
    usual: false,
    tie: 'answers Git in terminals of the container with your logins',
    cost: 'the sign-in window for Git in terminals',
  },
  {
    key: 'github.gitAuthentication',
    wanted: false,
    usual: false,
    tie: "answers Git with the editor's GitHub session",
    cost: "Git with the editor's GitHub session",
  },
  {
    key: 'security.workspace.trust.enabled',
    wanted: true,
    usual: true,
    tie: 'trusts every folder that is opened: tasks and settings of a repository act on the host',
  },
  {
    key: 'security.promptForRemoteFileProtocolHandling',
    wanted: true,
    usual: true,
    tie: 'opens links that come from the container without asking',
  },
  {
    key: 'task.allowAutomaticTasks',
    wanted: 'off',
    usual: true,
    tie: 'runs tasks of a repository when its folder is opened, on the host',
  },
  {
    key: 'remote.localPortHost',
    wanted: 'localhost',
    usual: true,
    tie: "opens forwarded ports to the host's whole network",
  },
];

/** Variables of the shell that an editor is started from, which it passes on. */
export const openVariables: readonly {
  readonly name: string;
  readonly tie: string;
  readonly cost: string;
}[] = [
  {
    name: 'SSH_AUTH_SOCK',
    tie: 'forwards the ssh agent, and no setting stops it: whoever is in the container can log in with your keys',
    cost: 'ssh from inside; use HTTPS with a token for this repository alone',
  },
  {
    name: 'GPG_AGENT_INFO',
    tie: 'forwards the gpg agent, which signs what it is given',
    cost: 'signing inside',
  },
  {
    name: 'DISPLAY',
    tie: 'forwards the X server, through which keys and windows can be read',
    cost: 'windows of programs inside',
  },
  {
    name: 'WAYLAND_DISPLAY',
    tie: "forwards the desktop's socket",
    cost: 'windows of programs inside',
  },
];

/** Folders of the editors that attach to dev containers, by name, within the place where such programs keep settings. */
export const editorFolders: Readonly<Record<string, string>> = {
  'VS Code': 'Code',
  'VS Code Insiders': 'Code - Insiders',
  VSCodium: 'VSCodium',
  Cursor: 'Cursor',
  Windsurf: 'Windsurf',
};
