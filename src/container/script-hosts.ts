/** Projects whose installers many developers run as they are: their main branch counts as the vendor's own word. */
const knownOwners = new Set(
  `anchore anthropics aquasecurity argoproj asdf-vm astral-sh devcontainers denoland derailed direnv docker fluxcd
  github golangci google hashicorp helm homebrew jdx jetify-com junegunn k3d-io k3s-io kubernetes kubernetes-sigs
  microsoft nodenv nvm-sh ohmyzsh openai oven-sh pnpm python-poetry pyenv rbenv romkatv rust-lang sdkman starship
  terraform-linters tfutils yarnpkg zsh-users`.split(/\s+/),
);

/** Hosts that exist to serve the installer of one well-known tool; a dot before a name takes in what is below it. */
const installerHosts =
  `aka.ms apt.llvm.org astral.sh atuin.sh bun.sh bun.com claude.ai cli.doppler.com cli.sentry.dev cloud.google.com
  code-server.dev cursor.com deb.nodesource.com deno.land dl.google.com dl.k8s.io dot.net download.docker.com
  elan.lean-lang.org fly.io fnm.vercel.app foundry.paradigm.xyz get.docker.com get.haskellstack.org get.helm.sh
  get.jetify.com get.k3s.io get.nexte.st get.pnpm.io get.pulumi.com get.sdkman.io get.volta.sh get-ghcup.haskell.org
  install.determinate.systems install.python-poetry.org jetpack.io mise.jdx.dev mise.run nixos.org ollama.com
  opencode.ai package.microsoft.com packages.microsoft.com release.solana.com release.anza.xyz rpm.nodesource.com
  rustwasm.github.io sdk.cloud.google.com setup.atuin.sh sh.rustup.rs starship.rs tailscale.com taskfile.dev
  wasmtime.dev www.npmjs.com www.rust-lang.org yarnpkg.com zed.dev .hashicorp.com .microsoft.com .docker.com
  .nodejs.org .python.org .pypa.io .golang.org .anthropic.com .openai.com .github.com .gitlab.com`.split(
    /\s+/,
  );

const shorteners =
  /^(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|git\.io|is\.gd|ow\.ly|cutt\.ly|rb\.gy|shorturl\.at|t\.ly|v\.gd)$/;
const pastes =
  /^(?:gist\.(?:github|githubusercontent)\.com|pastebin\.com|paste\.ee|dpaste\.(?:com|org)|hastebin\.com|ix\.io|0x0\.st|termbin\.com|transfer\.sh|file\.io|rentry\.co)$/;

export interface ScriptTrust {
  /** Only the vendor of the tool can change what is downloaded, and the connection is checked. */
  readonly trusted: boolean;
  /** Why not, a sentence without its full stop. */
  readonly reason: string;
}

/** Who decides what an address delivers. */
export function trustOf(address: string): ScriptTrust {
  const url = parse(address);
  if (!url) return { trusted: false, reason: 'the address is not known here' };
  const host = url.hostname.toLowerCase();
  if (/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(host)) return { trusted: true, reason: '' };
  if (url.protocol !== 'https:') return { trusted: false, reason: 'anybody on the way can change it' };
  if (/^[\d.]+$|^\[/.test(host)) return { trusted: false, reason: 'the address names no owner' };
  if (shorteners.test(host)) return { trusted: false, reason: 'the short address can be pointed elsewhere' };
  if (pastes.test(host)) return { trusted: false, reason: 'anybody can publish there' };
  const owner = ownerOf(host, url.pathname);
  if (isPinned(url.pathname)) return { trusted: true, reason: '' };
  if (owner === undefined) {
    return isInstallerHost(host)
      ? { trusted: true, reason: '' }
      : { trusted: false, reason: `whoever holds ${host} can change it at any time` };
  }
  if (knownOwners.has(owner)) return { trusted: true, reason: '' };
  return { trusted: false, reason: `${owner} can change it at any time` };
}

function isInstallerHost(host: string): boolean {
  return installerHosts.some((known) =>
    known.startsWith('.') ? `.${host}`.endsWith(known) : host === known,
  );
}

function parse(address: string): URL | undefined {
  try {
    // curl takes http for an address without a scheme.
    return new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`);
  } catch {
    return undefined;
  }
}

/** The account below which a forge or its mirror serves the file; undefined on a host of the vendor's own. */
function ownerOf(host: string, path: string): string | undefined {
  const [first = '', second = ''] = path
    .toLowerCase()
    .split('/')
    .filter((segment) => segment !== '');
  const forges =
    /^(?:(?:www\.|raw\.)?github\.com|raw\.githubusercontent\.com|(?:www\.)?gitlab\.com|bitbucket\.org|codeberg\.org|huggingface\.co)$/;
  if (forges.test(host)) return first;
  return host === 'cdn.jsdelivr.net' && first === 'gh' ? second : undefined;
}

/** A commit, or a version that the owner published once. */
function isPinned(path: string): boolean {
  return /\/[0-9a-f]{40}(?:\/|$)|[/@]v?\d+\.\d+(?:\.\d+)*(?:[-.+][\w.]+)?(?:\/|$)/i.test(path);
}
