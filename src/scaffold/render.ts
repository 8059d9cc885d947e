import Handlebars from 'handlebars';
import type { Options, Overlay } from '../policy/options.js';
import type { Emission, Templates } from './emission.js';
import * as quote from './helpers.js';

// Every helper a template may use, under its name there. `{{value}}` without a helper is refused (see refuseBareValues).
const helpers = {
  json: quote.json,
  sh: quote.sh,
  line: quote.line,
  image: quote.image,
  package: quote.aptPackage,
  path: quote.path,
  words: quote.words,
  volume: quote.volume,
  object: quote.object,
  array: quote.array,
  entries: quote.entries,
  rangeEntries: quote.rangeEntries,
  title: quote.title,
  published: quote.published,
  number: quote.number,
  name: quote.name,
  starter: quote.starter,
  requirement: quote.requirement,
  foldersTo: quote.foldersTo,
  flag: quote.flag,
  amount: quote.amount,
  overlay: quote.overlay,
  overlayVolume: quote.overlayVolume,
};

const knownHelpers = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));

/** Parts that several templates include; they are not emitted. */
const partials = 'partials/';

const hasServers = ({ servers }: Options) => servers.length > 0;
const masks =
  (wanted: Overlay['kind']) =>
  ({ overlays }: Options) =>
    overlays.some(({ kind }) => kind === wanted);

/** Templates that only some containers need. */
const wantedWhere: Readonly<Record<string, (options: Options) => boolean>> = {
  '.devcontainer/compose.yaml.hbs': ({ sidecar }) => sidecar,
  '.devcontainer/.dockerignore': hasServers,
  '.devcontainer/mcp-connect.sh': hasServers,
  '.devcontainer/mcp/host/.gitignore.hbs': hasServers,
  '.devcontainer/packages/npmrc.hbs': ({ gate }) => gate.npm,
  '.devcontainer/packages/yarnrc.yml.hbs': ({ gate }) => gate.npm,
  '.devcontainer/packages/bunfig.toml.hbs': ({ gate }) => gate.npm,
  '.devcontainer/packages/pip.conf.hbs': ({ gate }) => gate.pip,
  '.devcontainer/packages/uv.toml.hbs': ({ gate }) => gate.pip,
  '.devcontainer/masks/file': masks('empty-file'),
  '.devcontainer/masks/folder/.gitkeep': masks('empty-folder'),
};

/**
 * Renders the files of a dev container.
 *
 * A template whose name ends in `.hbs` is filled, any other is taken as it is; the path below `templates/` is the path in
 * the project. What lies below `templates/partials/` is included by others. Throws where a template prints a value without a quoting helper, names a value that the options lack, or
 * a helper refuses a value: all three are bugs of ours.
 */
export function render(options: Options, templates: Templates): readonly Emission[] {
  const fillers = known.get(templates) ?? compile(templates);
  known.set(templates, fillers);
  return Object.entries(templates)
    .filter(([path]) => !path.startsWith(partials) && (wantedWhere[path]?.(options) ?? true))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, source]) => ({
      path: path.replace(/\.hbs$/, ''),
      text: fillers.get(path)?.(options) ?? source,
      executable: path.endsWith('.sh'),
    }));
}

type Fillers = ReadonlyMap<string, (options: Options) => string>;

/** Compiling takes longer than filling. */
const known = new WeakMap<Templates, Fillers>();

function compile(templates: Templates): Fillers {
  const engine = Handlebars.create();
  for (const [name, quoted] of Object.entries(helpers)) {
    // Handlebars hands its own options object to every helper, last.
    engine.registerHelper(name, (...args: unknown[]) =>
      (quoted as (...a: unknown[]) => unknown)(...args.slice(0, -1)),
    );
  }
  const fillers = new Map<string, (options: Options) => string>();
  for (const [path, source] of Object.entries(templates)) {
    if (!path.endsWith('.hbs')) continue;
    const tree = engine.parse(source);
    refuseBareValues(tree, path);
    if (path.startsWith(partials))
      engine.registerPartial(path.slice(partials.length).replace(/\.hbs$/, ''), source);
    else
      fillers.set(
        path,
        engine.compile(tree, { noEscape: true, strict: true, knownHelpers, knownHelpersOnly: true }),
      );
  }
  return fillers;
}

/** A mustache must be a helper call, or `{{this}}` inside `{{#each (entries …)}}` or `rangeEntries`, whose items are quoted already. */
function refuseBareValues(tree: hbs.AST.Program, path: string, insideEntries = false): void {
  for (const statement of tree.body) {
    if (statement.type === 'MustacheStatement') {
      const mustache = statement as hbs.AST.MustacheStatement;
      const called = (mustache.path as hbs.AST.PathExpression).original;
      const quoted = mustache.params.length > 0 && called in helpers;
      const position = called === '@index' || (insideEntries && called === 'this');
      if (!quoted && !position)
        throw new Error(`${path}:${statement.loc.start.line}: {{${called}}} is not quoted`);
    }
    if (statement.type === 'BlockStatement') {
      const block = statement as hbs.AST.BlockStatement;
      const inner = block.params[0] as Partial<hbs.AST.SubExpression> | undefined;
      const called = (inner?.path as hbs.AST.PathExpression | undefined)?.original;
      const listsEntries = called === 'entries' || called === 'rangeEntries';
      refuseBareValues(block.program, path, listsEntries);
      if (block.inverse) refuseBareValues(block.inverse, path, listsEntries);
    }
  }
}
