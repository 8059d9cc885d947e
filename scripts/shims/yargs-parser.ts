// In place of yargs-parser's entry in the bundle, which is made to load configuration files and reads the environment.
import { normalize, resolve } from 'node:path';
import { format } from 'node:util';
// @ts-expect-error: no types of its own
import * as strings from '../../node_modules/yargs-parser/build/lib/string-utils.js';
// @ts-expect-error: no types of its own
import { YargsParser } from '../../node_modules/yargs-parser/build/lib/yargs-parser.js';

const parser = new YargsParser({
  cwd: () => process.cwd(),
  env: () => ({}),
  format,
  normalize,
  resolve,
  require: () => {
    throw new Error('the command line parser reads no files');
  },
});

const parse = (args: readonly string[], options: unknown) => parser.parse([...args], options);

export default Object.assign((args: readonly string[], options: unknown) => parse(args, options).argv, {
  detailed: parse,
  camelCase: strings.camelCase,
  decamelize: strings.decamelize,
  looksLikeNumber: strings.looksLikeNumber,
});
