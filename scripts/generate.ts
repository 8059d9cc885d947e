import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { writeLists } from './rule-list.js';

/**
 * Writes what is made from other files: the lists of rules, validators from schemas/, the catalogue of hosts from presets/, the
 * rules' pages, the examples and README's picture. `--validators` makes only the validators and the catalogue, which are
 * not committed; `--check` writes nothing else, lists what differs
 * of the rest and fails.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const generated = 'src/generated';

/** Texts by path, relative to the package. */
type Files = Map<string, string>;

/**
 * One ESM validator for each schemas/<name>.schema.json. Compiling schemas at run time would cost more than the whole
 * start of the program.
 */
function makeValidators(): Files {
  const files: Files = new Map();
  for (const file of readdirSync(join(root, 'schemas')).filter((name) => name.endsWith('.schema.json'))) {
    const name = basename(file, '.schema.json');
    const ajv = new Ajv2019({
      allErrors: true,
      allowUnionTypes: true,
      code: { source: true, esm: true, lines: true },
    });
    const validate = ajv.compile(JSON.parse(readFileSync(join(root, 'schemas', file), 'utf8')));
    files.set(`${generated}/${name}.js`, asModule(standaloneCode.default(ajv, validate)));
    files.set(`${generated}/${name}.d.ts`, declaration);
  }
  return files;
}

const declaration = `import type { ValidateFunction } from 'ajv';

declare const validate: ValidateFunction;
export default validate;
`;

/** What `lint` needs of presets/, as one module: reading and parsing files would cost every run. */
function makeCatalogue(): Files {
  const read = (path: string) => JSON.parse(readFileSync(join(root, 'presets', path), 'utf8'));
  const needsIn = (folder: string) =>
    readdirSync(join(root, 'presets', folder))
      .sort()
      .map((name) => read(`${folder}/${name}`))
      .map(({ id, title, detect, hosts }) => ({ id, title, detect, hosts }));
  const forges = needsIn('forges').flatMap(({ id }) => {
    const { title, hosts, api, ssh } = read(`forges/${id}.json`);
    return [
      { id, title, hosts },
      { id: `${id}:api`, title, hosts: api },
      { id: `${id}:ssh`, title, hosts: ssh },
    ];
  });
  const agentsOfGateways = needsIn('agents')
    .map(({ id }) => id)
    .filter((id) => read(`agents/${id}.json`).gateway);
  const values = {
    risks: read('risks.json').risks,
    stacks: needsIn('stacks'),
    agents: needsIn('agents'),
    forges,
    agentsOfGateways,
  };
  const lines = Object.entries(values).map(
    ([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`,
  );
  return new Map([
    [`${generated}/egress-catalogue.js`, lines.join('')],
    [`${generated}/egress-catalogue.d.ts`, catalogueDeclaration],
  ]);
}

const catalogueDeclaration = `import type { HostRisk } from '../core/host-risk.js';

export interface HostUser {
  readonly id: string;
  readonly title: string;
  /** Files at a project's root that speak for it; undefined for an agent. */
  readonly detect?: readonly string[];
  readonly hosts: readonly {
    readonly host: string;
    readonly ports: readonly number[];
    readonly required: boolean;
  }[];
}

export declare const risks: readonly HostRisk[];
export declare const stacks: readonly HostUser[];
export declare const agents: readonly HostUser[];
/** By what a policy writes: \`github\`, \`github:api\`. */
export declare const forges: readonly HostUser[];
/** Ids of the agents that can be told of a model gateway. */
export declare const agentsOfGateways: readonly string[];
`;

/** ajv's ESM still asks for its small helpers with \`require\`. */
function asModule(code: string): string {
  const imports: string[] = [];
  const body = code.replace(/require\("([^"]+)"\)/g, (_call, path: string) => {
    const name = `helper${imports.length}`;
    imports.push(`import ${name} from '${path}.js';`);
    // Loaders differ in what the default of a CommonJS module is: its exports, or their default.
    return `(${name}.default ? ${name} : { default: ${name} })`;
  });
  return `${imports.join('\n')}${body}`;
}

/** A preset that breaks its schema must not get into a release. Throws with the first that does. */
function checkPresets(): void {
  const folder = join(root, 'presets');
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.json')) continue;
    const preset = JSON.parse(readFileSync(join(folder, path), 'utf8')) as { $schema: string };
    const ajv = new Ajv2019({ allErrors: true });
    const schema = JSON.parse(readFileSync(join(root, 'schemas', basename(preset.$schema)), 'utf8'));
    if (!ajv.validate(schema, preset)) throw new Error(`presets/${path}: ${ajv.errorsText()}`);
  }
}

/** What is committed. Loaded late, because the program that it comes from needs the validators. */
async function makePages(): Promise<Files> {
  const { ruleDocs } = await import('./rule-docs.js');
  const { presetDocs } = await import('./preset-docs.js');
  const { exampleFiles } = await import('./examples.js');
  const { targetDocs } = await import('./target-docs.js');
  const made = { ...ruleDocs(), ...presetDocs(), ...targetDocs(), ...(await exampleFiles()) };
  return new Map(Object.entries(made));
}

/** Committed files that are made no longer. */
async function strayPages(pages: Files): Promise<string[]> {
  const { presentExamples } = await import('./examples.js');
  const rules = new Map([...pages].filter(([path]) => path.startsWith('docs/rules/')));
  return [...strayFiles(rules), ...presentExamples().filter((path) => !pages.has(path))];
}

function writeFiles(files: Files): void {
  for (const [path, text] of files) {
    const absolute = join(root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    if (readText(absolute) !== text) writeFileSync(absolute, text);
    if (text.startsWith('#!')) chmodSync(absolute, 0o755);
  }
}

function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Committed files in the folders of `files` that no longer belong there. */
function strayFiles(files: Files): string[] {
  const folders = new Set([...files.keys()].map((path) => dirname(path)).filter((folder) => folder !== '.'));
  return [...folders]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((path) => !files.has(path) && /\.(md|js|d\.ts)$/.test(path));
}

const flags = process.argv.slice(2);
if (!flags.includes('--check') && !flags.includes('--validators')) writeLists(root);
checkPresets();
const modules: Files = new Map([...makeValidators(), ...makeCatalogue()]);
writeFiles(modules);
for (const path of strayFiles(modules)) rmSync(join(root, path));
if (flags.includes('--check')) {
  const pages = await makePages();
  const changed = [...pages]
    .filter(([path, text]) => readText(join(root, path)) !== text)
    .map(([path]) => path);
  const wrong = [...changed, ...(await strayPages(pages))];
  for (const path of wrong) console.error(`${path} is not current: run npm run generate`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} else if (!flags.includes('--validators')) {
  const pages = await makePages();
  writeFiles(pages);
  for (const path of await strayPages(pages)) rmSync(join(root, path));
}
