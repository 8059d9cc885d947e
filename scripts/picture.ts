import { displayWidth } from '../src/core/width.js';

/** A stretch of a line in one dress. */
interface Run {
  readonly text: string;
  readonly column: number;
  readonly color: string;
  readonly bold: boolean;
}

const foreground = '#e6edf3';
const dim = '#8b949e';
/** The colours that reports use, by their SGR number. */
const colors: Readonly<Record<string, string>> = {
  '31': '#ff7b72',
  '32': '#7ee787',
  '33': '#e3b341',
  '34': '#79c0ff',
  '36': '#76e3ea',
  '39': foreground,
};

const cell = { width: 8.4, height: 19 };
const margin = { left: 18, top: 58, bottom: 16 };
const columns = 80;

/**
 * A terminal window in SVG that shows lines with SGR colours. Every run has its own place and length, because the
 * viewer's monospace font may be wider or narrower. The same lines always give the same text.
 */
export function drawTerminal(title: string, lines: readonly string[]): string {
  const width = Math.ceil(2 * margin.left + columns * cell.width);
  const height = margin.top + (lines.length - 1) * cell.height + margin.bottom;
  const texts = lines.flatMap((line, row) => readRuns(line).map((run) => drawRun(run, row)));
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (color, index) => `  <circle cx="${22 + 20 * index}" cy="20" r="6" fill="${color}"/>`,
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `  <title>${escapeXml(title)}</title>`,
    `  <rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>`,
    ...dots,
    `  <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    ...texts,
    '  </g>',
    '</svg>',
  ].join('\n')}\n`;
}

function readRuns(line: string): Run[] {
  const runs: Run[] = [];
  let column = 0;
  let color = foreground;
  let bold = false;
  for (const part of line.split(/(\u001b\[\d+m)/)) {
    const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
    if (code === '1') bold = true;
    else if (code === '22') bold = false;
    else if (code === '2') color = dim;
    else if (code !== undefined) color = colors[code] ?? foreground;
    else {
      const text = part.trimStart();
      const at = column + displayWidth(part) - displayWidth(text);
      if (text !== '') runs.push({ text: text.trimEnd(), column: at, color, bold });
      column += displayWidth(part);
    }
  }
  return runs;
}

function drawRun({ text, column, color, bold }: Run, row: number): string {
  const x = round(margin.left + column * cell.width);
  const length = round(displayWidth(text) * cell.width);
  const weight = bold ? ' font-weight="bold"' : '';
  const y = margin.top + row * cell.height;
  return `    <text x="${x}" y="${y}" textLength="${length}" fill="${color}"${weight} xml:space="preserve">${escapeXml(text)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
