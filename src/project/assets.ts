import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package.js';

type Assets = Readonly<Record<string, string>>;

// What belongs to the program does not change while it runs.
const known = new Map<string, Assets>();

/** The files of one of our own data folders by '/'-separated path below it, hidden ones too. */
export function readAssets(folder: 'presets' | 'templates'): Assets {
  const assets = known.get(folder) ?? readFolder(folder);
  known.set(folder, assets);
  return assets;
}

function readFolder(folder: string): Assets {
  const root = join(packageRoot(), folder);
  const texts: Record<string, string> = {};
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    if (isFile(join(root, path))) texts[path.replaceAll('\\', '/')] = readFileSync(join(root, path), 'utf8');
  }
  return texts;
}

function isFile(path: string): boolean {
  return statSync(path).isFile();
}
