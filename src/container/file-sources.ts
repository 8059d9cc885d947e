import type { Declared } from './container.js';
import { type HostPath, resolveHostPath } from './host-path.js';
import { declareOption, type RunOption } from './run-args.js';

/** A file of the host whose content the container gets, other than by a mount. */
export interface FileSource {
  /** What the file becomes, a noun for messages: `variables`, `the secret db`. */
  readonly as: string;
  /** As written; the name of a variable of the host where that is the source. */
  readonly source: string;
  /** Undefined for a variable. */
  readonly host: HostPath | undefined;
}

const optionTitles: Readonly<Record<string, string>> = {
  '--env-file': 'variables',
  '--label-file': 'labels',
};

/** The files that options of `runArgs` name. Their paths begin at the workspace. */
export function readFileSources(options: readonly RunOption[]): readonly Declared<FileSource>[] {
  return options.flatMap((option) => {
    const [as, source] = [optionTitles[option.name], option.value?.trim()];
    if (as === undefined || !source || option.syntax === 'compose') return [];
    const path = /^(?:[\\/~$]|[a-z]:)/i.test(source) ? source : `\${localWorkspaceFolder}/${source}`;
    return [declareOption(option, { as, source, host: resolveHostPath(path, { compose: false }) })];
  });
}
