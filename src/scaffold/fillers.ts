import Handlebars from 'handlebars';
import type { Options } from '../policy/options.js';
import type { Templates } from './emission.js';
import { helpers, partials, registerHelpers } from './template-helpers.js';

/** Fills a template, by the template's path. */
export type Fillers = ReadonlyMap<string, (options: Options) => string>;

const knownHelpers = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));
/** How every template is compiled, here and in scripts/build.ts, which does it once for all. */
export const compilerOptions = { noEscape: true, strict: true, knownHelpers, knownHelpersOnly: true };

/** Throws where a template prints a value that no helper quotes. */
export function compileTemplates(templates: Templates): Fillers {
  const engine = Handlebars.create();
  registerHelpers(engine);
  const fillers = new Map<string, (options: Options) => string>();
  for (const [path, source] of Object.entries(templates)) {
    if (!path.endsWith('.hbs')) continue;
    const tree = engine.parse(source);
    refuseBareValues(tree, path);
    if (path.startsWith(partials))
      engine.registerPartial(path.slice(partials.length).replace(/\.hbs$/, ''), source);
    else fillers.set(path, engine.compile(tree, compilerOptions));
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
