import { remember } from '../core/remember.js';

/** The user that the tools get from an image when no file names one, and an unprivileged one that it has. */
export interface ImageUser {
  readonly user: string;
  readonly unprivileged: string | undefined;
  /** The image's label sets the user as `remoteUser`: then only devcontainer.json and labels can set another. */
  readonly labelled: boolean;
}

interface Row {
  readonly pattern: RegExp;
  readonly user: string;
  readonly unprivileged?: string;
}

function vscodeImages(names: string): RegExp {
  return new RegExp(`^mcr\\.microsoft\\.com/(?:vscode/)?devcontainers/(?:${names})$`);
}

// Repository names without registry default, tag and digest; the first row that matches counts. Users of Microsoft's
// images come from the label of the image, those of the others from its USER.
const rows: readonly Row[] = [
  { pattern: vscodeImages('(?:javascript|typescript)-node'), user: 'node', unprivileged: 'node' },
  { pattern: vscodeImages('universal'), user: 'codespace', unprivileged: 'codespace' },
  { pattern: vscodeImages('[\\w-]+'), user: 'vscode', unprivileged: 'vscode' },
  { pattern: /^(?:bitnami|cgr\.dev\/chainguard)\//, user: 'nonroot' },
  { pattern: /^(?:quay\.io\/)?jupyter\//, user: 'jovyan', unprivileged: 'jovyan' },
  { pattern: /^cimg\//, user: 'circleci', unprivileged: 'circleci' },
  { pattern: /^gitpod\//, user: 'gitpod', unprivileged: 'gitpod' },
  { pattern: /^codercom\//, user: 'coder', unprivileged: 'coder' },
  { pattern: /^mambaorg\/micromamba$/, user: 'mambauser', unprivileged: 'mambauser' },
  { pattern: /^homebrew\/brew$/, user: 'linuxbrew', unprivileged: 'linuxbrew' },
  { pattern: /^jenkins\/jenkins$/, user: 'jenkins', unprivileged: 'jenkins' },
  { pattern: /^selenium\//, user: 'seluser', unprivileged: 'seluser' },
  { pattern: /^node$/, user: 'root', unprivileged: 'node' },
  { pattern: /^oven\/bun$/, user: 'root', unprivileged: 'bun' },
  { pattern: /^denoland\/deno$/, user: 'root', unprivileged: 'deno' },
  { pattern: /^mcr\.microsoft\.com\/dotnet\/sdk$/, user: 'root', unprivileged: 'app' },
  { pattern: /^mcr\.microsoft\.com\/playwright(?:\/\w+)?$/, user: 'root', unprivileged: 'pwuser' },
  { pattern: /^(?:hashicorp|rocker)\//, user: 'root' },
  {
    pattern:
      /^(?:python|golang|rust|ruby|php|openjdk|eclipse-temurin|maven|gradle|debian|ubuntu|alpine|fedora|rockylinux|archlinux|buildpack-deps|docker|ros|swift|elixir|nvidia\/cuda|nixos\/nix|ghcr\.io\/astral-sh\/uv|pytorch\/pytorch|tensorflow\/tensorflow)$/,
    user: 'root',
  },
];

/** Looks an image reference up; undefined for one that is not known. */
export function userOfImage(reference: string): ImageUser | undefined {
  return knownUser(reference).user;
}

const knownUser = remember((reference) => ({ user: findUser(reference) }));

function findUser(reference: string): ImageUser | undefined {
  const { name, tag } = splitReference(reference);
  if (/^gcr\.io\/distroless\//.test(name)) {
    return { user: tag.startsWith('nonroot') ? 'nonroot' : 'root', unprivileged: undefined, labelled: false };
  }
  if (name === 'ubuntu') {
    return { user: 'root', unprivileged: hasUbuntuUser(tag) ? 'ubuntu' : undefined, labelled: false };
  }
  const row = rows.find(({ pattern }) => pattern.test(name));
  // The images under the older name are from before the label.
  const labelled = name.startsWith('mcr.microsoft.com/devcontainers/');
  return row && { user: row.user, unprivileged: row.unprivileged, labelled };
}

function splitReference(reference: string): { readonly name: string; readonly tag: string } {
  // A variable in the tag of a template is a tag like any other.
  const plain = reference
    .trim()
    .replaceAll(/\$\{[^}]{0,1000}\}/g, 'x')
    .replace(/@[^/]*$/, '')
    .toLowerCase();
  const [, path = plain, tag = ''] = /^(.*?)(?::([^/:]*))?$/s.exec(plain) ?? [];
  return { name: path.replace(/^(?:(?:index\.)?docker\.io\/)?(?:library\/)?/, ''), tag };
}

/** Ubuntu has an unprivileged user since 24.04. */
function hasUbuntuUser(tag: string): boolean {
  if (tag === '' || tag === 'latest' || tag === 'rolling' || tag === 'devel') return true;
  const year = /^(\d+)\.\d+/.exec(tag)?.[1];
  return year !== undefined ? Number(year) >= 24 : /^(?:noble|oracular|plucky|questing|resolute)/.test(tag);
}
