import type { RemoteExecution } from './shell.js';

const download = String.raw`(?:curl|wget)\b[^|;&\n"'#]{0,2000}(?:(["'])[^"'\n]{0,2000}\1[^|;&\n"'#]{0,2000}){0,20}`;
const shell = String.raw`(?:sudo\s+(?:-\S+\s+)*)?(?:\S*\/)?(?:ba|da|z|k)?sh\b`;

/** What a script runs, by its looks: for text that is not shell or does not parse. */
const looks: readonly (readonly [RegExp, string])[] = [
  [new RegExp(String.raw`\b${download}\|\s*${shell}(?=\s*(?:$|[;&|)\n"']|-))`, 'g'), 'curl … | sh'],
  [/\b(?:ba|z)?sh\s+<\(\s*(?:curl|wget)\b[^)\n]{0,2000}\)/g, 'sh <(curl …)'],
  [/(?:\bsource|(?<=^|\s)\.)\s+<\(\s*(?:curl|wget)\b[^)\n]{0,2000}\)/g, 'source <(curl …)'],
  [/\b(?:ba|da|z)?sh\s+-c\s+["']?\$\(\s*(?:curl|wget)\b[^)\n]{0,2000}\)["']?/g, 'sh -c "$(curl …)"'],
  [/\beval\s+["']?\$\(\s*(?:curl|wget)\b[^)\n]{0,2000}\)["']?/g, 'eval "$(curl …)"'],
];

export function findInText(script: string): readonly RemoteExecution[] {
  return search(script, looks);
}

const fetchers = '(?:iwr|irm|curl|wget|invoke-webrequest|invoke-restmethod)';
const client = String.raw`new-object\s+(?:system\.)?net\.webclient\s*\)?\s*\.downloadstring`;
const powerLooks: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(String.raw`\b${fetchers}\b[^|;\n]{0,2000}\|\s*(?:iex|invoke-expression)\b`, 'gi'),
    'iwr … | iex',
  ],
  [
    new RegExp(
      String.raw`\(\s*${client}\([^)\n]{0,2000}\)[^|;\n]{0,2000}\|\s*(?:iex|invoke-expression)\b`,
      'gi',
    ),
    'DownloadString(…) | iex',
  ],
  [
    new RegExp(
      String.raw`\b(?:iex|invoke-expression)\b[\s("'&{$]*(?:${fetchers}\b|${client})[^;\n]{0,2000}`,
      'gi',
    ),
    'iex (iwr …)',
  ],
];

/** PowerShell is no shell that the parser knows; its idioms are few. */
export function findPowerShell(script: string): readonly RemoteExecution[] {
  return /\b(?:iex|invoke-expression)\b/i.test(script) ? search(script, powerLooks) : [];
}

function search(
  script: string,
  patterns: readonly (readonly [RegExp, string])[],
): readonly RemoteExecution[] {
  return patterns.flatMap(([pattern, form]) =>
    [...script.matchAll(pattern)].flatMap(({ 0: text, index }) => {
      const line = script.slice(script.lastIndexOf('\n', index - 1) + 1, index);
      // Comments and printed text only show a command.
      if (/^\s*#|\b(?:echo|printf|write-host|write-output)\s+["'][^"']*$/i.test(line)) return [];
      const url = /[a-z][a-z+.-]*:\/\/[^\s"'`)|;]+/i.exec(text)?.[0];
      return [{ start: index, end: index + text.trimEnd().length, url, form }];
    }),
  );
}
