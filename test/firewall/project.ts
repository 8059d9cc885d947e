import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.js';

/** The files of the firewall as `init` renders them, and where its Dockerfile puts them. */
export interface Rendered {
  readonly folder: string;
  /** [file below `folder`, folder or path in the image] */
  readonly copies: readonly (readonly [from: string, to: string])[];
}

const program = join(import.meta.dirname, '..', '..', 'dist', 'bin.js');
const folders: string[] = [];

/** Runs our own `init` with these flags in a new project. */
export function render(...flags: string[]): Rendered {
  const project = mkdtempSync(join(tmpdir(), `harden-bare-${process.pid}-`));
  folders.push(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "demo", "private": true }\n');
  const none = ['--stack', 'none', '--agent', 'none'];
  const outcome = run(process.execPath, [program, 'init', project, '--yes', ...none, ...flags]);
  if (outcome.code !== 0) throw new Error(`init failed: ${outcome.stderr}`);
  const folder = join(project, '.devcontainer');
  const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');
  const copies = [...dockerfile.matchAll(/^COPY (?!--)(.+) (\S+)$/gm)].flatMap(([, from = '', to = '']) =>
    // The guard is not part of the firewall; its collector is laid out by hand.
    from.split(' ').flatMap((file) => (file.startsWith('guard/') ? [] : [[file, to] as const])),
  );
  return { folder, copies };
}

export function removeRendered(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
