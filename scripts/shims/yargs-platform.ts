// In place of yargs' own view of the platform in the bundle. The original looks for translations and for a package.json
// relative to where it believes yargs is installed: in a bundle that is a folder of the consumer, and text planted
// there would appear in our help. This one reads no file at all and speaks English.
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { format, inspect } from 'node:util';
// @ts-expect-error: no types of its own
import cliui from 'cliui';
import { displayWidth } from '../../src/core/width.js';
import Parser from './yargs-parser.js';

function refuse(): never {
  throw new Error('the command line parser reads no files');
}

function assertEqual(isEqual: boolean, message: string | undefined): void {
  if (!isEqual) throw new Error(message ?? 'assertion failed');
}

export default {
  assert: {
    strictEqual: (a: unknown, b: unknown, message?: string) => assertEqual(Object.is(a, b), message),
    notStrictEqual: (a: unknown, b: unknown, message?: string) => assertEqual(!Object.is(a, b), message),
  },
  cliui,
  findUp: () => undefined,
  getEnv: () => undefined,
  inspect,
  getProcessArgvBin: () => '',
  mainFilename: '',
  Parser,
  path: { basename, dirname, extname, relative, resolve, join },
  process: {
    argv: () => process.argv,
    cwd: () => process.cwd(),
    emitWarning: () => {},
    execPath: () => process.execPath,
    exit: refuse,
    nextTick: process.nextTick,
    stdColumns: null,
  },
  readFileSync: refuse,
  readdirSync: refuse,
  require: refuse,
  getCallerFile: () => '',
  stringWidth: displayWidth,
  y18n: {
    __: (text: string, ...values: unknown[]) => format(text, ...values),
    __n: (one: string, many: string, count: number, ...values: unknown[]) =>
      format(count === 1 ? one : many, ...values),
    getLocale: () => 'en',
    setLocale: () => {},
    updateLocale: () => {},
  },
};
