import type { SourceFile } from '../core/text.js';
import { type ReadScript, readScript, type ScriptSurroundings } from './firewall-script.js';

/** A script that was read, with all that its reading depended on. */
interface Reading {
  readonly file: SourceFile;
  readonly environment: string;
  /** The texts of the scripts that it asked for, by name. */
  readonly asked: ReadonlyMap<string, string | undefined>;
  readonly script: ReadScript;
}

/** Fixing lints the same scripts again after every pass, and most scripts are started by others that are read too. */
const readings: Reading[] = [];
const mostReadings = 12;
/** One that does more than this is not kept: together they would be many megabytes. */
const mostSteps = 2000;

/** {@link readScript}, or what it said of the same text in the same surroundings. */
export function readOnce(file: SourceFile, surroundings: ScriptSurroundings): ReadScript | undefined {
  const environment = JSON.stringify([...surroundings.environment]);
  const known = readings.find((one) => isSame(one, file, environment, surroundings.find));
  if (known) return known.script;
  const asked = new Map<string, string | undefined>();
  const find = (name: string) => {
    const found = surroundings.find(name);
    asked.set(name, found?.text);
    return found;
  };
  const script = readScript(file, { ...surroundings, find });
  if (!script || script.steps.length > mostSteps) return script;
  readings.push({ file, environment, asked, script });
  if (readings.length > mostReadings) readings.shift();
  return script;
}

function isSame(
  one: Reading,
  file: SourceFile,
  environment: string,
  find: ScriptSurroundings['find'],
): boolean {
  const isText = one.file.path === file.path && one.file.text === file.text;
  return (
    isText &&
    one.environment === environment &&
    [...one.asked].every(([name, text]) => find(name)?.text === text)
  );
}

/** The commands of a script by themselves: what they start is only noted. */
export function readAlone(file: SourceFile, surroundings: ScriptSurroundings): ReadScript | undefined {
  return readOnce(file, { ...surroundings, find: () => undefined });
}
