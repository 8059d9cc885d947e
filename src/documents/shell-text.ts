import { lineStarts, positionAt, type SourceFile } from '../core/text.js';
import type { RemoteExecution } from './shell.js';

/** How much of a line is looked at to see what a command stands in: a hostile line may be megabytes long. */
const farthest = 500;

const quoted = String.raw`(?:"[^"\n]{0,2000}"|'[^'\n]{0,2000}')`;
const download = String.raw`\b(?:curl|wget)\b[^|;&\n"'#]{0,2000}(?:${quoted}[^|;&\n"'#]{0,2000}){0,20}`;
const shell = String.raw`(?:sudo\s{1,20}(?:-\S{1,100}\s{1,20}){0,10})?(?:\S{0,200}\/)?(?:ba|da|z|k)?sh\b`;

/** What a script runs, by its looks: for text that is not shell or does not parse. */
const looks: readonly (readonly [RegExp, string])[] = [
  // Looks back from the pipe: read forwards, a text of nothing but downloads is read again from each of them.
  [
    new RegExp(
      String.raw`\|(?<=(?<before>${download})\|)\s{0,100}${shell}(?=\s{0,100}(?:$|[;&|)\n"']|-))`,
      'g',
    ),
    'curl … | sh',
  ],
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
  const file = { path: '', text: script };
  return patterns.flatMap(([pattern, form]) =>
    [...script.matchAll(pattern)].flatMap(({ 0: match, index, groups }) => {
      const start = index - (groups?.before ?? '').length;
      const text = script.slice(start, index + match.length);
      if (isShown(file, start)) return [];
      const url = /[a-z][a-z+.-]{0,20}:\/\/[^\s"'`)|;]+/i.exec(text)?.[0];
      return [{ start, end: start + text.trimEnd().length, url, form }];
    }),
  );
}

/** Comments and printed text only show a command. */
function isShown(file: SourceFile, at: number): boolean {
  const line = lineStarts(file)[positionAt(file, at).line - 1] ?? 0;
  const from = Math.max(line, at - farthest);
  return (
    /^\s*#/.test(file.text.slice(line, Math.min(at, line + farthest))) ||
    /\b(?:echo|printf|write-host|write-output)\s+["'][^"']*$/i.test(file.text.slice(from, at))
  );
}
