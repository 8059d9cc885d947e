import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import Handlebars from 'handlebars';
import { compilerOptions, compileTemplates } from '../src/scaffold/fillers.js';

/**
 * Puts the compiled templates in the place of the compiler: compiling them took a fifth of `init`. A template of which a
 * value is not quoted fails the build, as it fails the tests.
 */
export function compiledTemplates(root: string): Plugin {
  return {
    name: 'compiled-templates',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/fillers\.js$/ }, () => ({
        path: 'fillers',
        namespace: 'compiled-templates',
      }));
      onLoad({ filter: /.*/, namespace: 'compiled-templates' }, () => ({
        contents: moduleFor(root),
        resolveDir: join(root, 'src/scaffold'),
        loader: 'js',
      }));
    },
  };
}

function moduleFor(root: string): string {
  const templates = Object.fromEntries(
    readdirSync(join(root, 'templates'), { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.hbs'))
      .map((path) => [path, readFileSync(join(root, 'templates', path), 'utf8')] as const),
  );
  compileTemplates(templates);
  const specs = Object.entries(templates).map(
    ([path, source]) => `${JSON.stringify(path)}: ${Handlebars.precompile(source, compilerOptions)}`,
  );
  const engine = join(root, 'node_modules/handlebars/dist/cjs/handlebars.runtime.js');
  return `import Handlebars from ${JSON.stringify(engine)};
import { partials, registerHelpers } from './template-helpers.js';
const specs = { ${specs.join(',\n')} };
export function compileTemplates() {
  const engine = Handlebars.create();
  registerHelpers(engine);
  const fillers = new Map();
  for (const [path, spec] of Object.entries(specs)) {
    const fill = engine.template(spec);
    if (path.startsWith(partials)) engine.registerPartial(path.slice(partials.length).replace(/\\.hbs$/, ''), fill);
    else fillers.set(path, fill);
  }
  return fillers;
}
`;
}
