/**
 * A path relative to the folder of `file`, in the form of the project: `joinPath('.devcontainer/devcontainer.json',
 * '../Dockerfile')` is `Dockerfile`. Undefined where it leaves the project or is absolute.
 */
export function joinPath(file: string, ...paths: readonly string[]): string | undefined {
  return resolvePath(file.split('/').slice(0, -1), paths);
}

/** The same, relative to a folder; '' is the project itself. */
export function joinFolder(folder: string, ...paths: readonly string[]): string | undefined {
  return resolvePath(folder.split('/'), paths);
}

function resolvePath(start: readonly string[], paths: readonly string[]): string | undefined {
  const result = start.filter((step) => step !== '' && step !== '.');
  for (const path of paths) {
    if (/^(?:[\\/]|[a-z]:)/i.test(path)) return undefined;
    for (const step of path.split(/[\\/]/)) {
      if (step === '' || step === '.') continue;
      if (step !== '..') result.push(step);
      else if (result.pop() === undefined) return undefined;
    }
  }
  return result.join('/');
}
