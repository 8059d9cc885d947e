import type { Edit } from '../core/rule.js';
import type { Place } from '../core/text.js';
import type { Container } from './container.js';

/** A program that takes connections and passes them on. */
export interface Forwarder {
  readonly place: Place;
  /** `TCP-LISTEN:8080`, `ssh -R *:8080`. */
  readonly what: string;
  /** On the machine that the container runs on. */
  readonly onHost: boolean;
  /** Takes connections on every interface. */
  readonly isOpen: boolean;
  /** The socket that stands for root on the host, or for somebody's keys. */
  readonly socket: 'engine' | 'keys' | undefined;
  /** Edits that bind it to the loopback interface. */
  readonly toLoopback: readonly Edit[];
}

interface Source {
  readonly text: string;
  readonly onHost: boolean;
  placeOf(start: number, end: number): Place;
}

/** Those that the commands of a container, the scripts that they start and its first process name. */
export function findForwarders({ lifecycle, startup }: Container): readonly Forwarder[] {
  const commands = lifecycle.flatMap(({ value, place }): Source[] => {
    const { hook, script, argv, scripts, placeOf } = value;
    const onHost = hook === 'initializeCommand';
    const own: Source =
      script === undefined
        ? { text: argv?.join(' ') ?? '', onHost, placeOf: () => place }
        : { text: script, onHost, placeOf };
    const started = scripts.map(
      ({ file }): Source => ({
        text: file.text,
        onHost,
        placeOf: (start, end) => ({ file, at: { start, end } }),
      }),
    );
    return [own, ...started];
  });
  const entries = (startup.keepsEntry ? startup.entry : []).map(
    ({ text, place }): Source => ({ text, onHost: false, placeOf: () => place }),
  );
  return [...commands, ...entries].flatMap(readSource);
}

/** A script is not longer. */
const longest = 200_000;
const rest = String.raw`(?:\\\r?\n|[^\n;&|]){0,600}`;
const begin = String.raw`(?<=(?:^|[\n;&|(])[ \t]{0,40}(?:(?:sudo|nohup|exec|setsid|then|do)[ \t]{1,4}){0,3})`;
const commands = new RegExp(`${begin}(?:[\\w/.-]{1,60}/)?(socat|ssh|autossh|kubectl)[ \\t]${rest}`, 'g');
/** Without one of these a text matches neither. */
const mayForward = /socat|ssh|kubectl|-listen:/i;
/** What an image whose program is socat is given. */
const bare = /^(?:-\S{1,20} ){0,8}(?:tcp|udp)[46]?-listen:/i;

function readSource(source: Source): readonly Forwarder[] {
  const text = source.text.slice(0, longest);
  if (!mayForward.test(text)) return [];
  if (bare.test(text)) return readSocat(source, text, 0);
  return [...text.matchAll(commands)].flatMap((match) => {
    const [command, program] = match;
    const at = match.index;
    if (program === 'socat') return readSocat(source, command, at);
    const open =
      program === 'kubectl'
        ? /\bport-forward\b.{0,300}--address[= ](?:0\.0\.0\.0|::)/s.exec(command)
        : /-\w{0,10}R ?(?:\*|0\.0\.0\.0|\[::\]|::):[\w:.[\]-]{1,200}/.exec(command);
    if (!open) return [];
    const what = program === 'kubectl' ? 'kubectl port-forward' : 'ssh -R';
    const place = source.placeOf(at, at + command.trimEnd().length);
    return [{ place, what, onHost: source.onHost, isOpen: true, socket: undefined, toLoopback: [] }];
  });
}

function readSocat({ placeOf, onHost }: Source, command: string, at: number): readonly Forwarder[] {
  const listen = /(?:TCP|UDP)[46]?-L(?:ISTEN)?:([\w${}]{1,40})((?:,[^\s"']{0,200})?)/i.exec(command);
  if (!listen) return [];
  const [whole, port = '', options = ''] = listen;
  const bound = /,bind=([^,]{1,80})/.exec(options)?.[1];
  const isOpen = /^(?:0\.0\.0\.0|\*|\[?::\]?)?$/.test(bound ?? '') && !/,range=/.test(options);
  const place = placeOf(at, at + command.trimEnd().length);
  const start = at + listen.index;
  const written = placeOf(start, start + whole.length);
  const isLiteral = written.file.text.slice(written.at.start, written.at.end) === whole;
  const after = written.at.start + whole.length - options.length;
  const toLoopback =
    isOpen && bound === undefined && isLiteral
      ? [{ file: written.file.path, at: { start: after, end: after }, text: ',bind=127.0.0.1' }]
      : [];
  const what = `${whole.slice(0, whole.indexOf(':'))}:${port}`;
  return [{ place, what, onHost, isOpen, socket: socketIn(command), toLoopback }];
}

function socketIn(command: string): Forwarder['socket'] {
  const target = /\bUNIX(?:-CONNECT|-CLIENT)?:["']?([^\s,"']{1,200})/i.exec(command)?.[1] ?? '';
  if (/(?:docker|podman|containerd|crio|buildkitd)[\w.-]*\.sock/.test(target)) return 'engine';
  return /SSH_AUTH_SOCK|ssh-agent|S\.gpg-agent|gpg-agent|agent\.\d/.test(target) ? 'keys' : undefined;
}
