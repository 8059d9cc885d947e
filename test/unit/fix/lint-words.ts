import type { FixTools } from '../../../src/core/fix.js';
import { sortFindings } from '../../../src/core/lint.js';
import type { Edit, Finding, Fix, Severity } from '../../../src/core/rule.js';
import type { SourceFile } from '../../../src/core/text.js';

/** A rule on words of a text, so that fixes can be tested without a real rule: good ones and bad ones. */
export interface WordRule {
  readonly id: string;
  readonly word: RegExp;
  readonly severity?: Severity;
  readonly fixes: (file: SourceFile, start: number, end: number) => readonly Partial<Fix>[];
}

export const edit = (file: string, start: number, end: number, text: string): Edit => ({
  file,
  at: { start, end },
  text,
});

/** The alternative that puts `text` in place of the word. */
export const replaceBy =
  (text: string, title = `write '${text}'`): WordRule['fixes'] =>
  (file, start, end) => [{ title, edits: [edit(file.path, start, end, text)] }];

export function lintWords(files: Readonly<Record<string, string>>, rules: readonly WordRule[]): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of Object.entries(files)) {
    const file = { path, text };
    for (const rule of rules)
      for (const match of text.matchAll(rule.word)) {
        const at = { start: match.index, end: match.index + match[0].length };
        findings.push({
          ruleId: rule.id,
          severity: rule.severity ?? 'warning',
          confidence: 'high',
          persona: 'default',
          place: { file, at },
          message: `'${match[0]}' is bad`,
          fixes: rule.fixes(file, at.start, at.end).map((fix) => ({
            title: 'mend it',
            safety: 'review',
            consequence: 'nothing else changes',
            edits: [],
            ...fix,
          })),
        });
      }
  }
  return sortFindings(findings);
}

/** Tools over texts in memory, and the findings to start from. `lints` counts how often the texts were linted. */
export function wordTools(
  files: Readonly<Record<string, string>>,
  rules: readonly WordRule[],
  choose: FixTools['choose'] = (finding) => finding.fixes[0],
) {
  const counts = { lints: 0 };
  const tools: FixTools = {
    read: (path) => files[path],
    relint: async (texts) => {
      counts.lints += 1;
      return lintWords({ ...files, ...Object.fromEntries(texts) }, rules);
    },
    choose,
  };
  return { tools, counts, start: { findings: lintWords(files, rules), texts: new Map<string, string>() } };
}
