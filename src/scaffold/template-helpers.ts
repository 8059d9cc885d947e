import * as quote from './helpers.js';

/** Parts that several templates include; they are not emitted. */
export const partials = 'partials/';

/** Every helper a template may use, under its name there. `{{value}}` without a helper is refused. */
export const helpers = {
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

/** The helpers as the engine wants them. */
export function registerHelpers(engine: {
  registerHelper(name: string, helper: (...args: unknown[]) => unknown): void;
}): void {
  for (const [name, quoted] of Object.entries(helpers)) {
    // Handlebars hands its own options object to every helper, last.
    engine.registerHelper(name, (...args: unknown[]) =>
      (quoted as (...a: unknown[]) => unknown)(...args.slice(0, -1)),
    );
  }
}
