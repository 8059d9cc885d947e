import type { SourceFile } from '../core/text.js';

/** How a file is written, as far as comments and structure go. */
export type Language = 'json' | 'yaml' | 'toml' | 'dockerfile' | 'shell' | 'text';

const byExtension: Readonly<Record<string, Language>> = {
  json: 'json',
  jsonc: 'json',
  json5: 'json',
  'code-workspace': 'json',
  yml: 'yaml',
  yaml: 'yaml',
  toml: 'toml',
  sh: 'shell',
  bash: 'shell',
  zsh: 'shell',
  env: 'shell',
  dockerfile: 'dockerfile',
  containerfile: 'dockerfile',
  md: 'text',
};

/** By the file's name, else by how it begins: a devcontainer.json may have any name on the command line. */
export function languageOf({ path, text }: SourceFile): Language {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/^(?:dockerfile|containerfile)(?:\.|$)/.test(name)) return 'dockerfile';
  const known = byExtension[name.slice(name.lastIndexOf('.') + 1)];
  if (known) return known;
  const start = text.slice(0, 256).trimStart();
  if (start.startsWith('#!')) return 'shell';
  return /^(?:[{[]|\/\/|\/\*)/.test(start) ? 'json' : 'shell';
}
