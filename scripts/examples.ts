import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { runCommand } from './command-line.js';
import { drawTerminal } from './picture.js';
import { drawPrompt } from './prompt-picture.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const vulnerable = 'examples/vulnerable';

/** What `init` writes, by the flags that it is given: a folder below examples/ each. */
const generated: Readonly<Record<string, readonly string[]>> = {
  'node-claude-code': [],
  'node-claude-code-sidecar': ['--shape', 'sidecar'],
};

/** The findings that README shows: what an agent's container is most often opened for. */
const pictured = ['no-credential-mount', 'no-writable-agent-state'];

/** What the commands print and write for the examples, text by path. */
export async function exampleFiles(): Promise<Record<string, string>> {
  const report = await runCommand(join(root, vulnerable), ['lint', '--color', 'always']);
  return {
    'docs/lint.svg': drawReport(report),
    'docs/fix.svg': await drawPrompt(join(root, vulnerable)),
    [`${vulnerable}/expected-report.txt`]: stripVTControlCharacters(report),
    ...(await initFiles()),
  };
}

/** Paths of files that are in a folder of generated files on disk, whoever put them there. */
export function presentExamples(): string[] {
  return Object.keys(generated).flatMap((name) =>
    filesBelow(join(root, 'examples', name)).map((path) => `examples/${name}/${path}`),
  );
}

function drawReport(report: string): string {
  const blocks = report.trimEnd().split('\n\n');
  const findings = blocks.slice(0, -1);
  const shown = findings.filter((block) => pictured.some((id) => block.includes(`[${id}]`)));
  const more = findings.length - shown.length;
  const text = [
    '\u001b[32m$\u001b[39m \u001b[1mnpx harden-devcontainer lint\u001b[22m',
    ...shown,
    `\u001b[2m... and ${more} more findings ...\u001b[39m`,
    blocks.at(-1) ?? '',
  ].join('\n\n');
  return drawTerminal(
    'harden-devcontainer lint reports what is dangerous in a dev container',
    text.split('\n'),
  );
}

async function initFiles(): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'harden-devcontainer-example-'));
  try {
    const files: Record<string, string> = {};
    for (const [name, flags] of Object.entries(generated)) {
      const project = join(folder, name);
      mkdirSync(project);
      await runCommand(project, ['init', '--yes', '--stack', 'node', '--agent', 'claude-code', ...flags]);
      for (const path of filesBelow(project))
        files[`examples/${name}/${path}`] = readFileSync(join(project, path), 'utf8');
    }
    return files;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return paths.filter((path) => statSync(join(folder, path)).isFile());
}
