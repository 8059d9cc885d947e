import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { editorFolders } from './editor-settings.js';
import type { Io } from './io.js';

/** A file with settings of one user of one editor. */
export interface SettingsFile {
  readonly editor: string;
  /** Absolute. */
  readonly path: string;
  /** The editor is there, and has no such file yet. */
  readonly missing: boolean;
}

/** The settings of the editors that are on this machine: of the user and of each profile, and of Windows below WSL. */
export function findSettings(env: Io['env'], platform: NodeJS.Platform): readonly SettingsFile[] {
  return settingsPlaces(env, platform).flatMap((place) =>
    Object.entries(editorFolders).flatMap(([editor, folder]) => {
      const user = join(place, folder, 'User');
      if (!existsSync(join(place, folder))) return [];
      const profiles = namesIn(join(user, 'profiles')).map((name) =>
        join(user, 'profiles', name, 'settings.json'),
      );
      const files = [join(user, 'settings.json'), ...profiles.filter((path) => existsSync(path))];
      return files.map((path) => ({ editor, path, missing: !existsSync(path) }));
    }),
  );
}

function settingsPlaces(env: Io['env'], platform: NodeJS.Platform): readonly string[] {
  const home = env.HOME ?? env.USERPROFILE;
  if (platform === 'win32') return env.APPDATA ? [env.APPDATA] : [];
  if (!home) return [];
  if (platform === 'darwin') return [join(home, 'Library', 'Application Support')];
  const own = env.XDG_CONFIG_HOME || join(home, '.config');
  return isWsl(env) ? [own, ...windowsPlaces()] : [own];
}

export function isWsl(env: Io['env']): boolean {
  return env.WSL_DISTRO_NAME !== undefined;
}

/** An editor on Windows is the one that attaches, wherever the project lies. */
function windowsPlaces(): readonly string[] {
  return namesIn('/mnt/c/Users').map((name) => join('/mnt/c/Users', name, 'AppData', 'Roaming'));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
