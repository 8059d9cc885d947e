// In place of string-width in the bundle: its tables cost yargs some 20 ms at every start, twice.
export { displayWidth as default } from '../../src/core/width.js';
