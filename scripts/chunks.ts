import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/** Loaded in every plain `lint`, one after the other. */
const program = 'src/bin.ts';
const started = [program, 'src/cli/commands/lint.ts', 'src/reporters/text.ts'];
const library = 'src/index.ts';

/**
 * Keeps what every `lint` loads in few files. esbuild puts into one chunk what the same entries reach, and each lazy
 * import is an entry: the modules that `lint` needs would lie in more than twenty files, and opening them takes a tenth
 * of its time. So each lazy module also imports all of them, those that the library uses only what the library uses
 * too: where they are loaded, the others are there already.
 */
export function keepTogether(root: string, { inputs }: Metafile): Plugin {
  const next = (path: string, kinds: readonly string[]) =>
    (inputs[path]?.imports ?? []).flatMap(({ path: to, kind, external }) =>
      !external && kinds.includes(kind) ? [to] : [],
    );
  const reach = (from: readonly string[], kinds: readonly string[]) => {
    const seen = new Set(from);
    for (const path of seen) for (const to of next(path, kinds)) seen.add(to);
    return seen;
  };
  const statically = ['import-statement', 'require-call'];
  const lazily = ['dynamic-import'];
  const lazy = new Set(Object.keys(inputs).flatMap((path) => next(path, lazily)));
  const needed = [...reach(started, statically)].filter(
    (path) => path.startsWith('src/') && !started.includes(path) && !lazy.has(path),
  );
  const ofLibrary = reach([library], [...statically, ...lazily]);
  const texts: Readonly<Record<string, string>> = {
    'together:program': renderImports(needed),
    'together:library': renderImports(needed.filter((path) => ofLibrary.has(path))),
  };
  // One that is also imported by what it would import could run before that has.
  const inside = reach(needed, statically);
  const partners = new Map(
    [...lazy]
      .filter((path) => path.startsWith('src/') && !inside.has(path))
      .concat(program)
      .map((path) => [join(root, path), `together:${ofLibrary.has(path) ? 'library' : 'program'}`]),
  );
  return {
    name: 'keep-together',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^together:/ }, ({ path }) => ({ path, namespace: 'together' }));
      onLoad({ filter: /./, namespace: 'together' }, ({ path }) => ({
        contents: texts[path] ?? '',
        resolveDir: root,
      }));
      onLoad({ filter: /\.ts$/, namespace: 'file' }, ({ path }) => {
        const partner = partners.get(path);
        return partner === undefined
          ? undefined
          : { contents: `${readFileSync(path, 'utf8')}\nimport '${partner}';\n`, loader: 'ts' };
      });
    },
  };
}

function renderImports(paths: readonly string[]): string {
  return paths.map((path) => `import './${path}';\n`).join('');
}
