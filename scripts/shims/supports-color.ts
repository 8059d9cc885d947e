// In place of chalk's own look at the process in the bundle: the program decides per stream (src/cli/io.ts), and the
// original loads three more modules of Node at every start.
export default { stdout: false, stderr: false };
