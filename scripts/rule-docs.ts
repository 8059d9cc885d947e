import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnyRule, ExampleFiles, Persona, RuleExample } from '../src/core/rule.js';
import { rules } from '../src/rules/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tableStart = '<!-- rules:start -->';
const tableEnd = '<!-- rules:end -->';

/**
 * The pages that are made from the rules, text by path: one page for each rule, their list, and README with the
 * table between its two marks. The same rules always give the same texts.
 */
export function ruleDocs(): Record<string, string> {
  const files: Record<string, string> = { 'docs/rules/README.md': renderList() };
  for (const rule of rules) files[`docs/rules/${rule.id}.md`] = renderRule(rule);
  const readme = join(root, 'README.md');
  if (existsSync(readme)) files['README.md'] = insertTable(readFileSync(readme, 'utf8'));
  return files;
}

/** The text with the table of rules between its marks; unchanged where it has none. */
export function insertTable(text: string): string {
  const start = text.indexOf(tableStart);
  const end = text.indexOf(tableEnd);
  if (start < 0 || end < start) return text;
  return `${text.slice(0, start + tableStart.length)}\n${renderTable('docs/rules/')}\n${text.slice(end)}`;
}

function renderList(): string {
  return `# Rules

Made from the rules by \`npm run generate\`. A rule may grade single findings higher or lower than its own severity;
*pedantic* findings are shown with \`--persona pedantic\` only.

${renderTable('')}
`;
}

function renderTable(folder: string): string {
  const rows = rules.map(
    ({ id, severity, summary }) =>
      `| [\`${id}\`](${folder}${id}.md) | ${severity} | ${escapeCell(summary)} |`,
  );
  return ['| rule | severity | what it asks for |', '|---|---|---|', ...rows].join('\n');
}

function renderRule(rule: AnyRule): string {
  const parts = [
    `# ${rule.id}`,
    `${rule.summary}.`,
    `Severity: ${rule.severity} · confidence: ${rule.confidence}${rule.persona === 'pedantic' ? ' · pedantic' : ''}`,
    '## Why',
    rule.why,
    '## Reported',
    'What is reported stands between « and ».',
    ...rule.examples.flatMap((example) => renderExample(example, rule.persona)),
    ...(rule.decide === undefined ? [] : ['## To decide', rule.decide]),
    '## Not reported',
    ...rule.good.map(renderFiles),
    '## References',
    rule.references.map((url) => `- <${url}>`).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderExample({ bad, fixed, persona, online }: RuleExample, usual: Persona): string[] {
  const note = persona === 'pedantic' && usual !== persona ? ['With `--persona pedantic`:'] : [];
  const mended =
    fixed === undefined
      ? []
      : [online ? 'Fixed with `--online`, by what registries say:' : 'Fixed:', renderFiles(fixed)];
  return [...note, renderFiles(bad), ...mended];
}

function renderFiles(files: ExampleFiles): string {
  if (typeof files === 'string') return renderCode('devcontainer.json', files);
  return Object.entries(files)
    .map(([path, text]) => `\`${path}\`\n\n${renderCode(path, text)}`)
    .join('\n\n');
}

function renderCode(path: string, text: string): string {
  const language = /\.jsonc?$/.test(path) ? 'jsonc' : path.endsWith('Dockerfile') ? 'dockerfile' : '';
  // A byte order mark or a carriage return would not survive the page.
  const shown = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .trimEnd();
  return `\`\`\`${language}\n${shown}\n\`\`\``;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
