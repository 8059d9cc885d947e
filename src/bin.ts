import { main } from './cli/main.js';

void main({
  argv: process.argv.slice(2),
  // A stream for it is made only when a command reads it.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env: process.env,
}).then((code) => {
  process.exitCode = code;
});
