// In place of yargs' helpers in the bundle: the parser without the rest of yargs' platform, which nothing else here needs.
export { default as Parser } from './yargs-parser.js';
