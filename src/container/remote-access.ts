import { removeLines } from '../core/edit.js';
import { remember } from '../core/remember.js';
import type { Place, Span } from '../core/text.js';
import type { BuiltInstruction } from './built-instructions.js';
import { type ContainerCommand, commandsNamed, commandsOf } from './commands.js';
import type { Container } from './container.js';

/** Something by which others get into a container from outside. */
export interface RemoteAccess {
  readonly place: Place;
  /** What it does, as a sentence without its end. */
  readonly message: string;
  /** What to write in the place of a stretch of the same file. */
  readonly replace?: {
    readonly at: Span;
    readonly text: string;
    readonly title: string;
    readonly consequence: string;
  };
  /** It is the command as a whole that goes. */
  readonly command?: ContainerCommand;
  /** A client, which only brings something along. */
  readonly isClient?: true;
}

/** Ways into a container that its files open. */
export function findRemoteAccess(container: Container): readonly RemoteAccess[] {
  const { startup, dockerfile, file, posture } = container;
  const named = commandsNamed(container, isTelling);
  if (named.length === 0) return [];
  // The tools put a shell of their own in the place of what the image starts.
  const isStarted = startup.keepsEntry || dockerfile?.path === file.path;
  const isRun = ({ from }: ContainerCommand) => from !== 'image' || isStarted;
  const telling = named.filter(isRun);
  const installing = telling.filter(({ name, kept }) => kept && packageManagers.test(name));
  const hasServer = installing.some((command) => installs(command, servers));
  return [
    ...(hasServer ? findServer(container, commandsOf(container).filter(isRun)) : []),
    ...telling.flatMap(findTunnel),
    ...telling.flatMap(findDesktop),
    // They hand something over to an agent that asks nobody.
    ...(posture.unattended.length > 0 ? installing.flatMap(findClients) : []),
  ];
}

const packageManagers = /^(?:apt|apt-get|aptitude|apk|dnf|microdnf|yum|zypper|pacman)$/;
const servers = /^(?:openssh-server|openssh|ssh|dropbear)$/;

/** Whether a package manager is told to install one of the packages. */
function installs({ words }: ContainerCommand, wanted: RegExp): boolean {
  return (
    words.some(({ value }) => /^(?:install|add|-S\w*)$/.test(value)) &&
    words.some(({ value }) => wanted.test(value.replace(/[=:].*$/, '')))
  );
}

/** What makes an installed server reachable, or lets more in than keys. */
function findServer(container: Container, commands: readonly ContainerCommand[]): readonly RemoteAccess[] {
  const exposed = container.instructions.filter(({ keyword, kept }) => keyword === 'EXPOSE' && kept);
  const started = commands.filter(isStart).map((command) => ({
    place: command.placeOf(command.at),
    message: 'an SSH server is started: whoever reaches the container may try to sign in',
    command,
  }));
  return [
    ...exposed.flatMap(findPorts),
    ...started,
    ...commands.flatMap(findLoose),
    ...commands.flatMap(findPassword),
  ];
}

function findPorts({ words, file, at: line }: BuiltInstruction): readonly RemoteAccess[] {
  return words
    .filter(({ text }) => /^(?:22|2222)(?:\/tcp)?$/.test(text))
    .map(({ text, at }) => {
      const before = /[ \t]+$/.exec(file.text.slice(line.start, at.start))?.[0].length ?? 0;
      const own = { start: at.start - before, end: at.end };
      return {
        place: { file, at },
        message: `port ${text} of an SSH server is exposed: whoever reaches it may try to sign in`,
        replace: {
          at: words.length > 1 ? own : removeLines(file, line).at,
          text: '',
          title: 'do not expose the port',
          consequence: 'who needs the port publishes it on 127.0.0.1',
        },
      };
    });
}

function isStart({ name, words, from }: ContainerCommand): boolean {
  const texts = words.map(({ value }) => value);
  // What is started while the image is built has ended when it is there.
  const isAction = texts.some((text) =>
    (from === 'build' ? /^enable$/ : /^(?:start|restart|enable)$/).test(text),
  );
  if (from === 'build' && /^(?:sshd|dropbear)$/.test(name)) return false;
  if (/^(?:sshd|dropbear)$/.test(name)) return !texts.some((text) => /^-[tTG]$/.test(text));
  if (/^(?:service|systemctl|rc-service|update-rc\.d|rc-update)$/.test(name))
    return isAction && texts.some((text) => /^(?:ssh|sshd|dropbear)(?:\.service)?$/.test(text));
  return name === 'ssh' && isAction && texts.length === 1;
}

/** Settings of the server by which a password, or none, lets somebody in; with what they should be, and what they do. */
const loose: Readonly<Record<string, readonly [text: string, what: string]>> = {
  PermitRootLogin: ['prohibit-password', 'root may sign in with a password'],
  PasswordAuthentication: ['no', 'a password is enough to sign in'],
  PermitEmptyPasswords: ['no', 'no password is needed to sign in'],
};
const setting = /\b(PermitRootLogin|PasswordAuthentication|PermitEmptyPasswords)[ \t]+(\w+)/g;

/** Settings of the server that a command writes. */
function findLoose({ file, words, documents }: ContainerCommand): readonly RemoteAccess[] {
  if (!file) return [];
  return [...words.map(({ at }) => at), ...documents].flatMap(({ start, end }) => {
    // Of `s/PermitRootLogin yes/PermitRootLogin no/` the last one is what is written.
    const last = new Map<string, RegExpExecArray>();
    for (const match of file.text.slice(start, end).matchAll(setting)) last.set(match[1] ?? '', match);
    return [...last].flatMap(([name, match]): readonly RemoteAccess[] => {
      const [text, what] = loose[name] ?? [];
      const from = start + match.index + match[0].length - (match[2] ?? '').length;
      if (!text || match[2] !== 'yes') return [];
      const at = { start: from, end: from + 3 };
      const replace = { at, text, title: 'let keys only in', consequence: 'passwords open nothing any more' };
      return [
        {
          place: { file, at: { start: start + match.index, end: from + 3 } },
          message: `${what} (${match[0]})`,
          replace,
        },
      ];
    });
  });
}

/** `echo root:root | chpasswd`: beside a server a password in the image is a way in. */
function findPassword(command: ContainerCommand): readonly RemoteAccess[] {
  const { name, source, documents, file } = command;
  const texts = [
    ...(source?.words ?? []).map(({ value }) => value),
    ...documents.map(({ start, end }) => file?.text.slice(start, end) ?? ''),
  ];
  const user =
    name === 'chpasswd'
      ? texts.map((text) => /(?:^|\s)([\w-]+):[^\s$:]+/.exec(text)?.[1]).find(Boolean)
      : undefined;
  return user === undefined
    ? []
    : [
        {
          place: command.placeOf(command.at),
          message: `${user} gets a password that everybody with the image knows, and an SSH server asks for it`,
        },
      ];
}

const tunnels: readonly (readonly [name: RegExp, words: RegExp, what: string])[] = [
  [
    /^(?:code|code-insiders|code-server|cursor)$/,
    /^tunnel\b(?! (?:kill|unregister|status|user|prune|rename|--help))/,
    'a tunnel of the editor',
  ],
  [/^ngrok$/, /^(?:http|tcp|tls|start)\b/, 'ngrok'],
  [
    /^cloudflared$/,
    /^(?:tunnel\b(?!.*\b(?:login|create|list|info|delete|cleanup)\b)|access\b)/,
    'cloudflared',
  ],
  [/^(?:devtunnel)$/, /^host\b/, 'a dev tunnel'],
  [/^tailscale$/, /^(?:up|serve|funnel)\b/, 'Tailscale'],
  [/^(?:tmate|upterm)$/, /^(?:host|new-session|-S|-F|$)/, 'a shared terminal'],
  [/^(?:bore)$/, /^local\b/, 'bore'],
  [/^(?:lt|localtunnel)$/, /--port|-p\b/, 'localtunnel'],
  [/^(?:npx|bunx)$/, /\blocaltunnel\b/, 'localtunnel'],
  [/^ssh$/, /(?:^|\s)-\w*R.*(?:serveo\.net|localhost\.run|pinggy\.io|a\.pinggy)/, 'a public tunnel'],
];

const tunnelsOf = remember((name) => tunnels.filter(([program]) => program.test(name)));

/** Programs that lead from a public address into the container. */
function findTunnel(command: ContainerCommand): readonly RemoteAccess[] {
  const { name, words, from, at } = command;
  if (from === 'build') return [];
  const own = tunnelsOf(name);
  if (own.length === 0) return [];
  const text = words
    .map(({ value }) => value)
    .join(' ')
    .slice(0, 2000);
  const tunnel = own.find(([, does]) => does.test(text));
  if (!tunnel) return [];
  const message = `${tunnel[2]} opens a way from outside into the container, past its network and its firewall's rules for what comes in`;
  return [{ place: command.placeOf(at), message, command }];
}

const servedDesktops = /^(?:vncserver|tigervncserver|Xvnc|Xtigervnc)$/;
const desktops = new RegExp(`^x11vnc$|${servedDesktops.source}`);

/** Desktops that ask nobody who he is. */
function findDesktop(command: ContainerCommand): readonly RemoteAccess[] {
  const { name, words, at } = command;
  if (!desktops.test(name)) return [];
  const texts = words.map(({ value }) => value);
  const has = (pattern: RegExp) => texts.some((text) => pattern.test(text));
  if (has(/^-{1,2}localhost$/) || texts.includes('127.0.0.1')) return [];
  const isOpen =
    (name === 'x11vnc' &&
      !has(/^-(?:rfbauth|passwd|passwdfile|usepw|unixpw|rfbport=0|version|help|storepasswd)$/)) ||
    (servedDesktops.test(name) && /-{1,2}SecurityTypes[ =]None/i.test(texts.join(' ')));
  return isOpen
    ? [
        {
          place: command.placeOf(at),
          message: `${name} shows the desktop to whoever connects, without a password`,
          command,
        },
      ]
    : [];
}

/** All programs that are looked at but for a server's. */
const tellingPrograms = new RegExp(
  [packageManagers, ...tunnels.map(([program]) => program), desktops].map(({ source }) => source).join('|'),
);
const isTelling = remember((name) => tellingPrograms.test(name));

/** Programs that make an editor hand keys and logins of the host to the container. */
function findClients(command: ContainerCommand): readonly RemoteAccess[] {
  const client = command.words.find(({ value }) =>
    /^(?:openssh-client|gnupg2?|gpg|docker-ce-cli|docker\.io|docker-cli)$/.test(value.replace(/=.*$/, '')),
  );
  if (!client || !installs(command, /./)) return [];
  return [
    {
      place: command.placeOf(client.at),
      message: `with ${client.value} in the image an editor that attaches hands over the host's agent or logins, to an agent that asks nobody`,
      isClient: true,
    },
  ];
}
