import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const src = join(dirname(fileURLToPath(import.meta.url)), '../../src');

interface Import {
  /** Relative to src. */
  readonly from: string;
  /** Relative to src, or a package's name. */
  readonly to: string;
  readonly isPackage: boolean;
  readonly isType: boolean;
}

const paths = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !path.startsWith('generated/'))
  .sort();

const sources = new Map(paths.map((path) => [path, readFileSync(join(src, path), 'utf8')]));

const statement =
  /^(import|export)(\s+type)?\s[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(path: string): Import[] {
  return [...(sources.get(path) ?? '').matchAll(statement)].map((match) => {
    const target = match[3] ?? match[4] ?? match[5] ?? '';
    const isPackage = !target.startsWith('.');
    const to = isPackage ? target : posix.join(posix.dirname(path), target).replace(/\.js$/, '.ts');
    return { from: path, to, isPackage, isType: match[2] !== undefined };
  });
}

const imports = paths.flatMap(importsOf);

/** The folder directly below src; for a file there its own name. */
function layerOf(path: string): string {
  return path.split('/')[0] ?? path;
}

/**
 * Who may import whom. `index.ts` joins the layers, `subjects.ts` those that read what the rules look at, and `bin.ts`
 * starts the command line, so these are layers too. `launcher.ts` loads what the build made of `bin.ts`.
 * `generated` holds validators, made from schemas, and the catalogue of hosts, made from presets.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  documents: ['core'],
  container: ['core', 'documents', 'generated'],
  agents: ['core', 'documents', 'container'],
  rules: ['core', 'documents', 'container', 'agents'],
  engine: ['core', 'documents'],
  egress: [],
  audit: [],
  mcp: [],
  host: ['core', 'mcp', 'policy', 'project'],
  registry: ['core'],
  reporters: ['core', 'egress', 'audit'],
  policy: ['core', 'documents', 'generated'],
  scaffold: ['core', 'policy'],
  update: ['core', 'documents'],
  project: ['core'],
  cli: [
    'core',
    'egress',
    'audit',
    'reporters',
    'policy',
    'scaffold',
    'update',
    'project',
    'registry',
    'mcp',
    'host',
    'index.ts',
    'init.ts',
  ],
  'index.ts': ['core', 'documents', 'engine', 'container', 'agents', 'rules', 'project', 'subjects.ts'],
  'init.ts': ['core', 'container', 'agents', 'policy', 'scaffold', 'project', 'index.ts'],
  'subjects.ts': ['core', 'documents', 'engine', 'container', 'agents', 'rules'],
  'bin.ts': ['cli'],
  'launcher.ts': [],
};

/** May be named as a type where it may not be used. */
const allowedTypes: Readonly<Record<string, readonly string[]>> = { core: ['documents', 'container'] };

describe('layers', () => {
  test('every file belongs to one', () => {
    expect(paths.filter((path) => !Object.hasOwn(allowed, layerOf(path)))).toEqual([]);
  });

  test.each(Object.keys(allowed))('%s imports only what it may', (layer) => {
    const may = [layer, ...(allowed[layer] ?? [])];
    const mayType = [...may, ...(allowedTypes[layer] ?? [])];
    const wrong = imports.filter(
      ({ from, to, isPackage, isType }) =>
        !isPackage && layerOf(from) === layer && !(isType ? mayType : may).includes(layerOf(to)),
    );
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  test('rules never import each other', () => {
    const wrong = imports.filter(({ from, to }) => {
      return (
        from.startsWith('rules/') &&
        to.startsWith('rules/') &&
        !/^rules\/(?:index\.ts|load\.ts|tables\.ts|lists\/)/.test(from)
      );
    });
    expect(wrong).toEqual([]);
  });

  test('every import names a file that exists, by its .js name', () => {
    const wrong = imports.filter(({ to, isPackage }) => {
      return !isPackage && layerOf(to) !== 'generated' && !sources.has(to);
    });
    expect(wrong).toEqual([]);
  });

  test('the reader of imports misses none', () => {
    const count = (text: string) => text.match(/\bfrom '|\bimport\('|^import '/gm)?.length ?? 0;
    for (const [path, text] of sources) expect(importsOf(path).length, path).toBe(count(text));
  });
});

/** What only some places may use; a place is a path or, with a slash at its end, a folder. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'node:fs': ['project/', 'cli/', 'host/', 'launcher.ts'],
  'node:fs/promises': ['project/', 'cli/'],
  'node:child_process': ['project/', 'cli/', 'host/'],
  'node:process': ['project/', 'cli/', 'bin.ts'],
  'node:module': [],
  'node:vm': ['launcher.ts'],
  'node:worker_threads': [],
  '@modelcontextprotocol/sdk': ['host/http-server.ts'],
  // The network, which only `fix --online` asks, and MCP servers of the host.
  'node:net': ['host/', 'registry/'],
  'node:tls': ['host/', 'registry/'],
  'node:http': ['registry/'],
  'node:https': ['registry/'],
  'node:dns': ['registry/'],
  chalk: ['reporters/text.ts', 'cli/'],
  yargs: ['cli/full-parser.ts', 'cli/parse.ts'],
  handlebars: ['scaffold/fillers.ts'],
  '@clack/prompts': ['cli/'],
  ajv: [],
};

describe('packages', () => {
  test.each(Object.entries(packages))('%s is used only where it may be', (name, places) => {
    const isAllowed = (path: string) =>
      places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));
    const wrong = imports.filter(
      ({ from, to }) => (to === name || to.startsWith(`${name}/`)) && !isAllowed(from),
    );
    // A type costs nothing and does nothing: chalk's may be passed in.
    const used = name === 'chalk' ? wrong.filter(({ isType }) => !isType) : wrong;
    expect(used.map(({ from }) => from)).toEqual([]);
  });

  test('Node is imported by its prefix', () => {
    const bare = /^(?:fs|path|os|util|url|crypto|process|stream|child_process|module|tty|readline)(?:\/|$)/;
    expect(imports.filter(({ to, isPackage }) => isPackage && bare.test(to))).toEqual([]);
  });
});

/** Source without comments, strings and regular expressions, roughly: enough to find a global by its name. */
function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\s\/\/ .*$/gm, '');
}

const globals: Readonly<Record<string, readonly string[]>> = {
  'process.exit(': [],
  process: ['project/', 'cli/', 'host/', 'bin.ts', 'launcher.ts'],
  console: ['project/', 'cli/', 'bin.ts'],
  eval: [],
  fetch: ['host/http-server.ts'],
};

describe('globals', () => {
  test.each(Object.entries(globals))('%s is used only where it may be', (name, places) => {
    const pattern = new RegExp(
      `(?<![.\\w'\`-])${name.endsWith('(') ? name.replace('(', '\\(') : `${name}\\s*[.([]`}`,
    );
    const wrong = [...sources]
      .filter(([path]) => !places.some((place) => path.startsWith(place)))
      .filter(([, text]) => pattern.test(codeOf(text)));
    expect(wrong.map(([path]) => path)).toEqual([]);
  });
});
