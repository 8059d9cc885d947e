import { applyEdits } from '../core/edit.js';
import type { Edit } from '../core/rule.js';
import { lineStarts, lineText, type Place, positionAt, type SourceFile } from '../core/text.js';
import { parseJson, plainValue } from './json.js';
import { findLoose } from './json-recovery.js';
import { type DocumentKind, kindOf } from './kinds.js';
import { languageOf } from './language.js';

/** JSON files whose tools read comments; others may be read as strict JSON, where one comment voids the file. */
const commented: ReadonlySet<DocumentKind | undefined> = new Set<DocumentKind>([
  'devcontainer',
  'policy',
  'vscode-settings',
  'vscode-tasks',
  'opencode-config',
  'gemini-settings',
  'qwen-settings',
  'zed-settings',
]);

/**
 * The comment that takes a finding out, on a line of its own above it. None where the language or the file's tool has
 * no comments, and where one would change what the file says: inside a here-document or a text of several lines.
 * `reason` is one line.
 */
export async function ignoreEdits(
  { file, at }: Place,
  ruleId: string,
  reason: string,
): Promise<readonly Edit[]> {
  const sign = signOf(file);
  if (sign === undefined) return [];
  const line = firstJoined(file, positionAt(file, at.start).line);
  const text = lineText(file, line) ?? '';
  // What stands in the first lines counts only there.
  if (/^(?:#!|#\s*(?:syntax|escape|check)\s*=)/i.test(text)) return [];
  const start = lineStarts(file)[line - 1] ?? 0;
  const offset = start === 0 && file.text.startsWith('\uFEFF') ? 1 : start;
  const indent = /^[ \t]*/.exec(text.replace(/^\uFEFF/, ''))?.[0] ?? '';
  const lineEnd = /\r\n|\n|\r/.exec(file.text)?.[0] ?? '\n';
  const edit: Edit = {
    file: file.path,
    at: { start: offset, end: offset },
    text: `${indent}${sign} harden-devcontainer-ignore ${ruleId} -- ${reason}${lineEnd}`,
  };
  const before = await meaningOf(file);
  const after = await meaningOf({ path: file.path, text: applyEdits(file.text, [edit]) });
  return before !== undefined && before === after ? [edit] : [];
}

function signOf(file: SourceFile): string | undefined {
  const language = languageOf(file);
  if (language === 'text') return undefined;
  if (language !== 'json') return '#';
  const isRead =
    commented.has(kindOf(file.path)) ||
    file.path.endsWith('.jsonc') ||
    /(?:^|\/)\.vscode\/[^/]+$/.test(file.path) ||
    findLoose(parseJson(file)) !== undefined;
  return isRead ? '//' : undefined;
}

/** In a shell a comment between continued lines would end the command. */
function firstJoined(file: SourceFile, line: number): number {
  if (languageOf(file) !== 'shell') return line;
  let first = line;
  while (/\\\s*$/.test(lineText(file, first - 1) ?? '')) first -= 1;
  return first;
}

/** Comments between continued lines are no part of an instruction, though they stand in its text. */
function withoutComments(this: unknown, key: string, value: unknown): unknown {
  const isInstruction = typeof this === 'object' && this !== null && 'keyword' in this;
  const isText = key === 'text' && isInstruction && typeof value === 'string' && !value.includes('<<');
  return key === 'at' || isText ? undefined : value;
}

/** What a file says without its comments, to compare; undefined where that cannot be told. */
async function meaningOf(file: SourceFile): Promise<string | undefined> {
  switch (languageOf(file)) {
    case 'json':
      return JSON.stringify(plainValue(parseJson(file).root)) ?? 'nothing';
    case 'toml': {
      const { parseToml } = await import('./toml.js');
      const { root } = await parseToml(file);
      return root && JSON.stringify(plainValue(root));
    }
    case 'dockerfile': {
      const { parseDockerfile } = await import('./dockerfile.js');
      const { stages } = await parseDockerfile(file);
      return JSON.stringify(stages, withoutComments);
    }
    case 'shell': {
      const { loadShellParser } = await import('./shell-tree.js');
      const script = (await loadShellParser())(file.text);
      return (
        script && JSON.stringify(script, (key, value) => (key === 'pos' || key === 'end' ? undefined : value))
      );
    }
    default:
      return undefined;
  }
}
