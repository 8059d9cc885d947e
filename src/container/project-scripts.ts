import type { Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { flagOf } from '../documents/dockerfile.js';
import type { Copy } from './container.js';
import type { Source } from './declare.js';
import type { Build } from './dockerfile-build.js';
import { joinFolder, joinPath } from './paths.js';

/** A container whose commands name more files than these is no real one; each costs a look at the disk. */
const mostLookups = 20_000;

/** The files of the project that the commands of one container may mean. */
export interface ScriptSearch {
  /** Last names of what the Dockerfile copies into the image, and of where it lands. */
  readonly copied: ReadonlySet<string>;
  readonly copies: readonly Copy[];
  /** Every file of the project that a name in a command may mean, the likeliest first. */
  find(name: string): readonly SourceFile[];
}

interface Copies {
  readonly config: string;
  readonly copies: readonly Copy[];
}

export function scriptSearch(source: Source, build: Build | undefined, project: Project): ScriptSearch {
  const copies = build ? readCopies(build) : [];
  const known = new Map<string, readonly SourceFile[]>();
  let lookups = 0;
  const find = (name: string) => {
    if (lookups >= mostLookups) return [];
    const paths = candidatePaths(name, { config: source.document.file.path, copies });
    lookups += paths.length;
    return paths.flatMap((path) => {
      const result = project.read(path);
      return 'file' in result ? [result.file] : [];
    });
  };
  return {
    copies,
    copied: new Set(copies.flatMap(({ source: from, target }) => [lastName(from), lastName(target)])),
    find(name) {
      const files = known.get(name) ?? find(name);
      known.set(name, files);
      return files;
    },
  };
}

function readCopies({ chain, context }: Build): readonly Copy[] {
  if (context === undefined) return [];
  return chain.flatMap(({ instructions }) =>
    instructions.flatMap((instruction) => {
      const { keyword, words } = instruction;
      if ((keyword !== 'COPY' && keyword !== 'ADD') || flagOf(instruction, 'from') !== undefined) return [];
      const target = words.at(-1)?.text ?? '';
      return words.slice(0, -1).flatMap(({ text }) => {
        const source = joinFolder(context, text.replace(/^[\\/]+/, ''));
        return source === undefined ? [] : [{ source, target }];
      });
    }),
  );
}

/** Files of the project that a name in a script may mean. */
function candidatePaths(name: string, { copies, config }: Copies): readonly string[] {
  const base = lastName(name);
  const inImage = copies.flatMap(({ source, target }) => {
    if (lastName(source) === base || lastName(target) === base) return [source];
    const folder = source.includes('*') ? joinFolder(source, '..') : source;
    const isFile = !source.includes('*') && /\.[a-z]+$/i.test(source);
    const below = name.startsWith(target.replace(/\/+$/, '/')) ? name.slice(target.length) : base;
    const inside = isFile || folder === undefined ? undefined : joinFolder(folder, below.replace(/^\/+/, ''));
    return inside === undefined ? [] : [inside];
  });
  const local = name
    .replace(/^\$\{?(?:containerWorkspaceFolder|localWorkspaceFolder|PWD|WORKSPACE\w*)\}?\//, '')
    .replace(/^\/(?:workspaces\/[^/]+|workspaces?)\//, '');
  const inWorkspace = /^[\\/~$]/.test(local)
    ? []
    : [joinFolder(workspaceOf(config), local), joinPath(config, local)];
  return [...new Set([...inImage, ...inWorkspace])].filter(
    (path) => path !== undefined && path !== '',
  ) as string[];
}

function workspaceOf(config: string): string {
  const folders = config.split('/').slice(0, -1);
  const at = folders.lastIndexOf('.devcontainer');
  return folders.slice(0, at < 0 ? folders.length : at).join('/');
}

function lastName(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? path;
}
