import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin, transform } from 'esbuild';
import { keepTogether } from './chunks.js';
import { compiledTemplates } from './compiled-templates.js';

/**
 * Bundles the program into dist/, split so that a command loads what it needs and nothing else, with readable code.
 * Nothing is left to be found in the consumer's node_modules: an import that stays outside fails the build.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

const isYaml = /node_modules\/yaml\/browser\/dist\//;
const writesYaml = /\/(?:stringify\w*|addPairToJSMap|applyReviver|createNode|cst-visit|toJS|visit)\.js$/;
const yamlSchemas = /\/(?:(?:core|json|yaml-1\.1)\/schema|core\/(?:bool|float|int)|common\/null)\.js$/;

/** Modules that do more, or cost more, than their user here needs; each shim says why. */
const shims: Plugin = {
  name: 'shims',
  setup({ onResolve }) {
    const shim = (name: string) => ({ path: join(root, 'scripts/shims', name) });
    onResolve({ filter: /platform-shims\/esm\.mjs$/ }, () => shim('yargs-platform.ts'));
    onResolve({ filter: /^yargs\/helpers$/ }, () => shim('yargs-helpers.ts'));
    onResolve({ filter: /^vscode-languageserver-types$/ }, () => shim('languageserver-types.ts'));
    onResolve({ filter: /^string-width$/ }, () => shim('string-width.ts'));
    onResolve({ filter: /^#supports-color$/ }, () => shim('supports-color.ts'));
    // The package's own entry is CommonJS for Node, which asks for `process` by a `require` that a bundle does not have.
    onResolve({ filter: /^yaml$/ }, () => ({ path: join(root, 'node_modules/yaml/browser/index.js') }));
    onResolve({ filter: writesYaml }, ({ importer }) =>
      isYaml.test(importer) ? shim('yaml-unused.ts') : undefined,
    );
    onResolve({ filter: yamlSchemas }, ({ importer }) =>
      isYaml.test(importer) ? shim('yaml-schemas.ts') : undefined,
    );
  },
};

const options = {
  absWorkingDir: root,
  entryPoints: { program: 'src/bin.ts', index: 'src/index.ts' },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // jsonc-parser's `main` is UMD, which cannot be bundled.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  metafile: true,
  write: false,
  plugins: [shims, compiledTemplates(root)],
  logLevel: 'warning',
} as const satisfies BuildOptions;

async function bundle(): Promise<Metafile> {
  const { metafile } = await build(options);
  const result = await build({ ...options, plugins: [...options.plugins, keepTogether(root, metafile)] });
  // Written over what is there, then strays removed: a test that runs meanwhile always finds a program.
  const written = new Set<string>();
  const put = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    written.add(path);
  };
  const files = await Promise.all(
    result.outputFiles.map(async ({ path, text }) => ({ path, text: await asCommonJs(text) })),
  );
  for (const { path, text } of files) put(path, text);
  put(join(dist, 'bin.js'), await asCommonJs(readFileSync(join(root, 'src/launcher.ts'), 'utf8'), 'ts'));
  writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  rmSync(join(dist, 'code-cache'), { recursive: true, force: true });
  for (const path of filesBelow(dist)) if (path.endsWith('.js') && !written.has(path)) rmSync(path);
  chmodSync(join(dist, 'bin.js'), 0o755);
  return result.metafile;
}

/** What esbuild copies the exports by: each use of one would ask a getter for what another getter answers. */
const copied = 'module.exports = __toCommonJS(stdin_exports);';
const direct = 'module.exports = __defProp(stdin_exports, "__esModule", { value: true });';

/**
 * V8's code of a module can be kept from one run to the next only where it is CommonJS, as of Node 20; and a program of
 * ES modules starts later. esbuild splits only ES modules, so each file is turned after that.
 */
async function asCommonJs(text: string, loader: 'js' | 'ts' = 'js'): Promise<string> {
  const { code } = await transform(text, {
    loader,
    format: 'cjs',
    platform: 'node',
    target: options.target,
    supported: { 'dynamic-import': false },
    banner: '"use strict";',
    define: { 'import.meta.dirname': '__dirname' },
    legalComments: 'none',
    logLevel: 'error',
  });
  return code.replace(copied, direct);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** Imports that the bundle would look for outside of itself and of Node. */
function unexpectedExternals(metafile: Metafile): string[] {
  const isOurs = (path: string) => path.startsWith('node:') || builtinModules.includes(path);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return [...new Set(imports.flatMap(({ external, path }) => (external && !isOurs(path) ? [path] : [])))];
}

interface Inlined {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

/** The packages of which at least a byte is in the bundle, by name. */
function inlinedPackages(metafile: Metafile): Inlined[] {
  const folders = new Set<string>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
      if (folder && bytesInOutput > 0) folders.add(folder);
    }
  }
  return [...folders].sort().map(readPackage);
}

function readPackage(folder: string): Inlined {
  const absolute = join(root, folder);
  const manifest = JSON.parse(readFileSync(join(absolute, 'package.json'), 'utf8')) as Record<string, string>;
  const file = readdirSync(absolute).find((name) => /^licen[cs]e/i.test(name));
  if (!file) throw new Error(`${folder} is inlined but has no licence file`);
  const text = readFileSync(join(absolute, file), 'utf8').trim();
  return {
    name: manifest.name ?? folder,
    version: manifest.version ?? '',
    license: manifest.license ?? '',
    text,
  };
}

function writeNotices(packages: readonly Inlined[]): void {
  const parts = packages.map(
    ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`,
  );
  const intro = 'harden-devcontainer contains code of these packages, each under its own licence.\n';
  writeFileSync(join(root, 'THIRD_PARTY_NOTICES'), [intro, ...parts].join(`\n${'-'.repeat(80)}\n\n`));
  const versions = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  writeFileSync(join(dist, 'inlined-dependencies.json'), `${JSON.stringify(versions, null, 2)}\n`);
}

function writeTypes(): void {
  const compiler = join(root, 'node_modules/.bin/tsc');
  execFileSync(compiler, ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
}

if (!existsSync(dist)) mkdirSync(dist);
const metafile = await bundle();
const externals = unexpectedExternals(metafile);
if (externals.length > 0) throw new Error(`the bundle imports from outside: ${externals.join(', ')}`);
const packages = inlinedPackages(metafile);
writeNotices(packages);
writeTypes();
const bytes = filesBelow(dist)
  .filter((path) => path.endsWith('.js'))
  .reduce((sum, path) => sum + statSync(path).size, 0);
console.log(`${relative(root, dist)}: ${Math.round(bytes / 1024)} KiB, ${packages.length} packages inlined`);
