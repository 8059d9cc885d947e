import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder of our own package.json: templates, presets and schemas lie below it. It is two above this very module, in
 * the sources as in dist/chunks; the working directory has no say.
 */
export function packageRoot(): string {
  return join(import.meta.dirname, '../..');
}

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
