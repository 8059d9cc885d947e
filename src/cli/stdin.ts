import { isAbsolute, relative, resolve, sep } from 'node:path';
import { UserError } from '../core/errors.js';
import { overlayProject } from '../project/memory.js';
import { largestFile } from '../project/project.js';
import { openFolder } from '../project/read.js';
import type { Input, Io } from './io.js';
import { refuseUnjudged, type Unit } from './units.js';

const usualPlace = '.devcontainer/devcontainer.json';

/**
 * The text on standard input as if it stood in a file of the project in the working directory; what it refers to is
 * read from there.
 *
 * @throws UserError where the text cannot be read as UTF-8 or is too large, or the name lies outside or is one of which nothing is said.
 */
export async function openStdin(io: Io, filename = usualPlace): Promise<Unit> {
  const path = relative(io.cwd, resolve(io.cwd, filename)).split(sep).join('/');
  if (path === '' || path.startsWith('../') || path === '..' || isAbsolute(path))
    throw new UserError(
      `--stdin-filename ${filename} lies outside the working directory; start there instead`,
    );
  refuseUnjudged(path);
  const text = await readText(io.stdin);
  const project = overlayProject(openFolder(io.cwd), new Map([[path, text]]));
  return { project, root: '', repository: '', files: [path], scope: 'live', isWhole: false };
}

async function readText(stdin: Input): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > largestFile)
      throw new UserError(
        `standard input is larger than ${largestFile / 1024 / 1024} MiB, so it is not read`,
      );
    chunks.push(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new UserError('standard input is not UTF-8 text');
  }
}
