import { win32 } from 'node:path';

/** The label in which the dev container tools write the project's folder, as their own system spells it. */
export const folderLabel = 'devcontainer.local_folder';

/** The system that compares: `distribution` is the name of the WSL distribution, where it is one. */
export interface LocalSystem {
  readonly platform: string;
  readonly distribution: string | undefined;
}

/**
 * Whether the label of a container means this folder. On Windows case counts for nothing. A tool on Windows that works on
 * a folder of a WSL distribution writes `\\wsl.localhost\NAME\path` (older ones `\\wsl$\`), and `c:\path` for what
 * the distribution sees as /mnt/c/path.
 */
export function isFolderLabel(label: string, folder: string, system: LocalSystem): boolean {
  return label === folder || comparable(label, system) === comparable(folder, system);
}

function comparable(path: string, { platform, distribution }: LocalSystem): string {
  if (platform === 'win32') {
    const normal = win32.normalize(path).replace(/^\\\\wsl\$\\/i, '\\\\wsl.localhost\\');
    return normal.replace(/(?<=[^:\\])\\+$/, '').toLowerCase();
  }
  const plain = path.length > 1 ? path.replace(/\/+$/, '') : path;
  if (distribution === undefined) return plain;
  const [, name, inner] = /^\\\\(?:wsl\$|wsl\.localhost)\\([^\\]+)(\\.*)$/i.exec(path) ?? [];
  if (name?.toLowerCase() === distribution.toLowerCase()) return (inner ?? '').replaceAll('\\', '/');
  const drive = /^([a-z]):\\(.*)$/i.exec(path);
  const unix = drive ? `/mnt/${drive[1]}/${drive[2]?.replaceAll('\\', '/')}` : plain;
  return /^\/mnt\/[a-z]\//i.test(unix) ? unix.toLowerCase() : unix;
}
