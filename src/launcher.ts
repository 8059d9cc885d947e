#!/usr/bin/env node
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/**
 * Starts the built program, which lies beside this file, with the code that V8 made of it in an earlier run: reading and
 * compiling our source anew takes V8 longer than a small `lint` does. Node keeps such code itself from 22.8 on, but what
 * was compiled by then of each file, for good: after `--version` too little for a `lint`.
 *
 * What is kept is run, so it is as trusted as the program: it lies in the program's own folder, and only the owner of
 * that folder writes it. V8 takes it for the same version and flags, but would crash on damaged code, and of the source
 * compares the length alone: a checksum of both stands at the end.
 */
const folder = import.meta.dirname;
const store = join(folder, 'code-cache', `${process.versions.v8}-${process.arch}`);
const { NODE_DISABLE_COMPILE_CACHE: isOff, NODE_V8_COVERAGE: coverage } = process.env;
const isKept = !isOff && !coverage;
const checksumBytes = 4;

interface Loaded {
  readonly script: Script;
  readonly path: string;
  readonly source: Buffer;
  /** V8 had its code already. */
  readonly wasKept: boolean;
}

interface Module {
  exports: unknown;
}

const modules = new Map<string, Module>();
const loaded: Loaded[] = [];

function load(path: string): unknown {
  const known = modules.get(path);
  if (known) return known.exports;
  const module: Module = { exports: {} };
  modules.set(path, module);
  const here = dirname(path);
  const requireFromHere = (name: string) =>
    name.startsWith('.') ? load(join(here, name)) : process.getBuiltinModule(name);
  compile(path).runInThisContext()(module.exports, requireFromHere, module, path, here);
  return module.exports;
}

function compile(path: string): Script {
  const source = readFileSync(path);
  const cachedData = isKept ? readCode(path, source) : undefined;
  // The build writes ASCII only.
  const text = `(function (exports, require, module, __filename, __dirname) {${source.toString('latin1')}\n})`;
  const script = new Script(text, { filename: path, ...(cachedData && { cachedData }) });
  loaded.push({ script, path, source, wasKept: script.cachedDataRejected === false });
  return script;
}

function readCode(path: string, source: Buffer): Buffer | undefined {
  try {
    const bytes = readFileSync(codeOf(path));
    const code = bytes.subarray(0, -checksumBytes);
    return bytes.readUInt32LE(code.length) === checksum(source, code) ? code : undefined;
  } catch {
    return undefined;
  }
}

function checksum(source: Buffer, code: Buffer): number {
  return crc32(code, crc32(source));
}

function codeOf(path: string): string {
  return join(store, `${basename(path, '.js')}.bin`);
}

/**
 * Where a file was new to V8, the code of all that were loaded is kept anew: by now it has what this command needs of
 * those that are shared, too. A folder that cannot be written is no reason to fail: the next run compiles again.
 */
function keepCode(): void {
  if (loaded.every(({ wasKept }) => wasKept)) return;
  try {
    // What root leaves in another's folder, its owner could not remove with the package.
    if (process.getuid && statSync(folder).uid !== process.getuid()) return;
    mkdirSync(store, { recursive: true, mode: 0o755 });
    for (const { script, path, source } of loaded) {
      const code = script.createCachedData();
      const trailer = Buffer.alloc(checksumBytes);
      trailer.writeUInt32LE(checksum(source, code));
      replace(codeOf(path), Buffer.concat([code, trailer]));
    }
  } catch {}
}

/** Whoever reads meanwhile finds the old bytes or the new ones. */
function replace(path: string, bytes: Buffer): void {
  const fresh = `${path}.${process.pid}`;
  try {
    writeFileSync(fresh, bytes, { mode: 0o644 });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

if (isKept) process.once('exit', keepCode);
load(join(folder, 'program.js'));
