import type { Span } from '../core/text.js';
import type { CommandWord, PlainCommand } from './command-words.js';

/** A word or two of a command by which it checks no certificate, key or signature. */
export interface UncheckedConnection {
  /** As written: `curl -k`. */
  readonly what: string;
  readonly at: Span;
  /** What is not checked any more. */
  readonly kind: 'certificate' | 'signature' | 'host key';
  /** What to write in the place of the words; undefined where another word is needed for it. */
  readonly text: string | undefined;
  /** It is for this machine alone. */
  readonly isLocal: boolean;
}

/** Without one of these a text turns nothing off. */
export const mayNotCheck =
  /\s-[a-zA-Z#]*k|insecure|no-check-certificate|trusted|untrusted|unauthenticated|nogpgcheck|no-gpg|gpgcheck|verify|strict|secure-http|AllowUnauth|disable-tls|StrictHostKeyChecking/i;

interface Flag {
  readonly programs: RegExp;
  readonly flag: RegExp;
  readonly kind: UncheckedConnection['kind'];
  /** The flag's value stands in the next word. */
  readonly valued?: true;
}

// Letters of curl without a value, which may stand before the k of a cluster.
const cluster = /^-[#0-6afgGiIjlLMnNOpqRsSvVZJ]*k/;

const flags: readonly Flag[] = [
  { programs: /^curl$/, flag: cluster, kind: 'certificate' },
  { programs: /^curl$/, flag: /^--(?:insecure|proxy-insecure|doh-insecure)$/, kind: 'certificate' },
  {
    programs: /^wget2?$/,
    flag: /^--(?:no-check-certificate|check-certificate=(?:off|no|quiet))$/,
    kind: 'certificate',
  },
  { programs: /^aria2c$/, flag: /^--check-certificate=false$/, kind: 'certificate' },
  {
    programs: /^(?:pip[\d.]*|uv|pipx|python[\d.]*)$/,
    flag: /^--(?:trusted-host|allow-insecure-host)=/,
    kind: 'certificate',
  },
  {
    programs: /^(?:pip[\d.]*|uv|pipx|python[\d.]*)$/,
    flag: /^--(?:trusted-host|allow-insecure-host)$/,
    kind: 'certificate',
    valued: true,
  },
  { programs: /^(?:npm|pnpm|yarn)$/, flag: /^--(?:strict-ssl=false|no-strict-ssl)$/, kind: 'certificate' },
  {
    programs: /^(?:apt|apt-get|aptitude)$/,
    flag: /^--(?:allow-unauthenticated|allow-insecure-repositories|force-yes)$/,
    kind: 'signature',
  },
  { programs: /^apk$/, flag: /^--allow-untrusted$/, kind: 'signature' },
  {
    programs: /^(?:yum|dnf|microdnf|tdnf)$/,
    flag: /^--(?:nogpgcheck|no-gpgchecks|setopt=\S*gpgcheck=0)$/,
    kind: 'signature',
  },
  { programs: /^zypper$/, flag: /^--no-gpg-checks$/, kind: 'signature' },
  {
    programs: /^(?:kubectl|oc|helm)$/,
    flag: /^--(?:insecure-skip-tls-verify|insecure-skip-tls-verify=true|kube-insecure-skip-tls-verify)$/,
    kind: 'certificate',
  },
  {
    programs: /^(?:docker|podman|buildah|skopeo|dockerd)$/,
    flag: /^--(?:tls-verify|src-tls-verify|dest-tls-verify)=false$/,
    kind: 'certificate',
  },
  { programs: /^(?:http|https|xh)$/, flag: /^--verify=(?:no|false)$/, kind: 'certificate' },
];

interface Setting {
  readonly programs: RegExp;
  /** Against the words joined by blanks. */
  readonly words: RegExp;
  readonly kind: UncheckedConnection['kind'];
  /** In the place of the last word. */
  readonly text?: string;
}

const settings: readonly Setting[] = [
  { programs: /^git$/, words: /\bhttp\.(?:\S+\.)?sslVerify false$/i, kind: 'certificate', text: 'true' },
  {
    programs: /^git$/,
    words: /\bhttp\.(?:\S+\.)?sslVerify=false$/i,
    kind: 'certificate',
    text: 'http.sslVerify=true',
  },
  {
    programs: /^(?:npm|pnpm|yarn)$/,
    words: /\bset (?:-g )?(?:strict-ssl|enableStrictSsl) false$/,
    kind: 'certificate',
    text: 'true',
  },
  {
    programs: /^(?:npm|pnpm|yarn)$/,
    words: /\bset (?:-g )?strict-ssl=false$/,
    kind: 'certificate',
    text: 'strict-ssl=true',
  },
  {
    programs: /^(?:conda|mamba|micromamba)$/,
    words: /--set ssl_verify (?:false|no)$/i,
    kind: 'certificate',
    text: 'true',
  },
  { programs: /^composer$/, words: /\bsecure-http false$/, kind: 'certificate', text: 'true' },
  { programs: /^composer$/, words: /\bdisable-tls true$/, kind: 'certificate', text: 'false' },
  {
    programs: /^(?:ssh|scp|sftp|rsync|sshfs|echo|printf|git|export|env)$/,
    words: /\bStrictHostKeyChecking[= ]?no\b/i,
    kind: 'host key',
  },
  {
    programs: /^(?:echo|printf|tee|add-apt-repository|sed)$/,
    words: /\[[^\]]{0,200}\btrusted=yes\b/,
    kind: 'signature',
  },
  {
    programs: /^(?:apt|apt-get|echo|printf)$/,
    words:
      /\b(?:Acquire::(?:https::Verify-(?:Peer|Host)(?:=| \\?")?(?:false|0)|AllowInsecureRepositories(?:=| \\?")?(?:true|1))|AllowUnauthenticated(?:=| \\?")?(?:true|1))/i,
    kind: 'signature',
  },
];

/** The words of a command that turn checks off. */
export function findUnchecked(command: PlainCommand): readonly UncheckedConnection[] {
  return [...findFlags(command), ...findSettings(command)];
}

function* findFlags({ name, words }: PlainCommand): Iterable<UncheckedConnection> {
  const isLocal = reachesOnlyHere(words);
  for (const [index, { value, at }] of words.entries()) {
    // Behind it stand words of another program or file names.
    if (value === '--') return;
    const flag = flags.find((one) => one.programs.test(name) && one.flag.test(value));
    if (!flag) continue;
    const next = flag.valued ? words[index + 1] : undefined;
    const isCluster = flag.flag === cluster && value !== '-k';
    yield {
      what: `${name} ${[value, next?.value].filter(Boolean).join(' ')}`,
      at: { start: at.start, end: next?.at.end ?? at.end },
      kind: flag.kind,
      text: isCluster && at.end - at.start === value.length ? value.replace('k', '') : '',
      isLocal,
    };
  }
}

function* findSettings({ name, words }: PlainCommand): Iterable<UncheckedConnection> {
  for (const setting of settings) {
    if (!setting.programs.test(name)) continue;
    const last = words.find((_, index) =>
      setting.words.test(joined(words.slice(Math.max(0, index - 3), index + 1))),
    );
    if (!last) continue;
    yield {
      what: `${name} … ${last.value.trim().slice(0, 60)}`,
      at: last.at,
      kind: setting.kind,
      text: setting.text,
      isLocal: false,
    };
  }
}

function joined(words: readonly CommandWord[]): string {
  return words.map(({ value }) => value.slice(0, 300)).join(' ');
}

/** Every address that stands among the words is of this machine. */
function reachesOnlyHere(words: readonly CommandWord[]): boolean {
  const hosts = words.flatMap(
    ({ value }) =>
      /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@\s]*@)?(\[[^\]]*\]|[\w.-]+)(?::\d+)?(?:\/|$)/i.exec(value)?.[1] ??
      [],
  );
  const local = /^(?:localhost|127(?:\.\d+){3}|\[::1\]|0\.0\.0\.0|.*\.localhost)$/i;
  return (
    hosts.some((host) => local.test(host)) &&
    words.every(
      ({ value }) =>
        !/^[a-z]+:\/\//i.test(value) ||
        local.test(/\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*)/.exec(value)?.[1] ?? ''),
    )
  );
}
