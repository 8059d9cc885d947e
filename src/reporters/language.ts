/** The language of a file by its name, as editors, Markdown and SARIF call it; undefined where none says anything. */
export function languageOf(path: string): string | undefined {
  const name = path.split('/').at(-1) ?? '';
  if (/^(?:Docker|Container)file|\.[Dd]ocker(?:file)?$/.test(name)) return 'dockerfile';
  const [, ending = ''] = /\.([^.]+)$/.exec(name) ?? [];
  return languages[ending];
}

const languages: Readonly<Record<string, string>> = {
  json: 'jsonc',
  jsonc: 'jsonc',
  'code-workspace': 'jsonc',
  yaml: 'yaml',
  yml: 'yaml',
  toml: 'toml',
  sh: 'shellscript',
  bash: 'shellscript',
};
