import type { RuleInfo } from '../core/lint.js';
import type { ExampleFiles } from '../core/rule.js';
import { languageOf } from './language.js';

/** The example's texts by path; the path is '' where the example is a single file. Marks are taken out. */
export function exampleFiles(files: ExampleFiles): [path: string, text: string][] {
  const entries: [string, string][] = typeof files === 'string' ? [['', files]] : Object.entries(files);
  return entries.map(([path, text]) => [path, text.replace(/[«»]/g, '')]);
}

/** A rule's reason, examples and references as Markdown. */
export function ruleMarkdown(rule: RuleInfo): string {
  const parts = [rule.why];
  const [example] = rule.examples;
  if (example) parts.push('**Bad**', ...codeBlocks(example.bad));
  if (example?.fixed !== undefined) parts.push('**Fixed**', ...codeBlocks(example.fixed));
  if (rule.decide !== undefined) parts.push('**To decide**', rule.decide);
  if (rule.references.length > 0) parts.push(rule.references.map((url) => `- <${url}>`).join('\n'));
  return parts.join('\n\n');
}

/** The same in plain words, for viewers without Markdown. */
export function ruleText(rule: RuleInfo): string {
  const decide = rule.decide === undefined ? [] : [`To decide: ${rule.decide}`];
  return [rule.why, ...decide, ...rule.references.map((url) => `See ${url}`)].join('\n');
}

function codeBlocks(files: ExampleFiles): string[] {
  return exampleFiles(files).map(([path, text]) => {
    const fence = '`'.repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map((run) => run.length + 1)));
    return `${path ? `\`${path}\`\n\n` : ''}${fence}${path === '' ? 'jsonc' : (languageOf(path) ?? '')}\n${text.trimEnd()}\n${fence}`;
  });
}
