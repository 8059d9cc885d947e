import type { Project } from '../core/rule.js';
import type { Place, SourceFile } from '../core/text.js';
import { flagOf, splitHereDocuments } from '../documents/dockerfile.js';
import { isDockerIgnored } from '../documents/dockerignore.js';
import { matchesPath } from '../documents/gitignore.js';
import type { BuiltInstruction } from './built-instructions.js';
import type { Container } from './container.js';
import { joinFolder } from './paths.js';
import { listRepositorySecrets } from './repository-secrets.js';
import { isSampleData, judgeSecretFile, maySecretFile } from './secret-files.js';

/** A COPY or ADD that takes in a file with a secret. */
export interface CopiedSecret {
  readonly place: Place;
  /** The files, relative to the project. */
  readonly paths: readonly string[];
  /** What the first of them holds, a noun. */
  readonly what: string;
  /** It names the file; any other takes in all that is there. */
  readonly named: boolean;
  /** The copy stays in the image, not only in the builder's cache. */
  readonly kept: boolean;
}

/** A COPY or ADD of the whole context. */
export interface WideCopy {
  readonly place: Place;
}

export interface ContextCopies {
  readonly secrets: readonly CopiedSecret[];
  readonly wide: readonly WideCopy[];
  /** What keeps files from the builder; undefined where there is no such file. */
  ignore(): SourceFile | undefined;
}

const nothing: ContextCopies = { secrets: [], wide: [], ignore: () => undefined };

/** What COPY and ADD bring into the image of files that hold secrets. */
export function readContextCopies(container: Container, project: Project): ContextCopies {
  const { context, dockerfile, instructions } = container;
  const copies = instructions.filter(
    (instruction) =>
      (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') &&
      flagOf(instruction, 'from') === undefined,
  );
  if (context === undefined || !dockerfile || copies.length === 0) return nothing;
  // Looked for where there is something to keep out: mostly there is none.
  let found: { readonly file: SourceFile | undefined } | undefined;
  const ignore = () => {
    found ??= { file: readIgnoreFile(context, dockerfile, project) };
    return found.file;
  };
  const isSent = (path: string) => {
    const file = ignore();
    return !file || !isDockerIgnored(file, path);
  };
  const sources = copies.flatMap((instruction) => sourcesOf(instruction));
  // Only a copy that may take in more than it names costs a look at what is there.
  const known = sources.some(({ source }) => !maySecretFile(source))
    ? listRepositorySecrets(context, project).filter(({ sample }) => !sample)
    : [];
  const secrets = sources.flatMap(({ source, instruction, place }): CopiedSecret[] => {
    const { kept } = instruction;
    const named = judgeNamed(joinFolder(context, source), project);
    if (named) return isSent(source) ? [{ place, ...named, named: true, kept }] : [];
    const taken = known.filter(({ path }) => {
      const below = context === '' ? path : path.slice(context.length + 1);
      return covers(source, below) && isSent(below);
    });
    const [first] = taken;
    return first
      ? [{ place, paths: taken.map(({ path }) => path), what: first.what, named: false, kept }]
      : [];
  });
  return {
    secrets,
    wide: sources.filter(({ source }) => source === '').map(({ place }) => ({ place })),
    ignore,
  };
}

/** The file beside the Dockerfile counts before that of the context. */
function readIgnoreFile(context: string, dockerfile: SourceFile, project: Project): SourceFile | undefined {
  const paths = [
    `${dockerfile.path}.dockerignore`,
    joinFolder(context, '.dockerignore'),
    joinFolder(context, '.containerignore'),
  ];
  for (const path of paths) {
    const result = path === undefined ? undefined : project.read(path);
    if (result && 'file' in result) return result.file;
  }
  return undefined;
}

/** Sources in the context, without dots and slashes at their ends: '' is the context itself. */
function sourcesOf(instruction: BuiltInstruction) {
  const { file } = instruction;
  const { words } = splitHereDocuments(instruction, file);
  return words.slice(0, -1).flatMap(({ text, at }) => {
    const source = joinFolder('', text.replace(/^[\\/]+/, ''));
    const isRemote = /^[a-z]+:\/\/|^git@/i.test(text);
    return source === undefined || isRemote ? [] : [{ source, instruction, place: { file, at } }];
  });
}

/** A file that is named and known for secrets; where it is not there, its name alone tells. */
function judgeNamed(path: string | undefined, project: Project) {
  if (path === undefined || !maySecretFile(path) || isSampleData(path)) return undefined;
  const result = project.read(path);
  const isThere = 'file' in result || result.problem === 'not-utf8';
  const judged = judgeSecretFile(path, 'file' in result ? result.file.text : undefined);
  // A certificate is as often called .pem as a key is.
  if (!judged && (isThere || result.problem !== 'missing' || path.endsWith('.pem'))) return undefined;
  return { paths: [path], what: judged?.what ?? 'a file that usually holds secrets' };
}

function covers(source: string, path: string): boolean {
  const steps = path.split('/');
  return source === '' || steps.some((_, index) => matchesPath(source, steps.slice(0, index + 1).join('/')));
}
