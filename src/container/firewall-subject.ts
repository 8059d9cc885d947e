import type { Project } from '../core/rule.js';
import type { Place, SourceFile } from '../core/text.js';
import type { UnreadableFile } from '../documents/problem.js';
import { loadShellParser, type ShellParser } from '../documents/shell-tree.js';
import type { Container, Declared, LifecycleCommand } from './container.js';
import {
  type Firewall,
  type FirewallReading,
  isFirewallName,
  lastName,
  mentionsFilter,
} from './firewall-names.js';
import { readAlone, readOnce } from './firewall-reading.js';
import { isFirewall, modelOf, type ScriptSurroundings } from './firewall-script.js';
import { findStarts, isShellScript, type Start } from './firewall-starts.js';
import { shownName } from './firewall-view.js';

/** The firewalls of a dev container: the scripts that it starts or carries, and what hooks do themselves. */
export async function readFirewalls(
  folder: string,
  names: readonly string[],
  project: Project,
  container: Container | undefined,
): Promise<FirewallReading> {
  const parse = await loadShellParser();
  const surroundings = surroundingsOf(parse, folder, project, container);
  const started = container ? findStarts(container, surroundings) : new Map();
  const files = new Map<string, { readonly file: SourceFile; readonly starts: readonly Start[] }>(started);
  for (const path of likelyPaths(folder, names, container)) {
    const result = files.has(path) ? undefined : project.read(path);
    if (result && 'file' in result && isShellScript(result.file))
      files.set(path, { file: result.file, starts: [] });
  }
  const found = [...files.values()].flatMap((one) => readOne(one, surroundings, container));
  // What another script takes in is judged there.
  const included = new Set(found.flatMap(({ model }) => model.included.map(({ path }) => path)));
  const firewalls = found.filter(({ file, starts }) => !included.has(file.path) || starts.length > 0);
  const inline =
    container?.lifecycle.flatMap((command) => readInline(command, container, surroundings)) ?? [];
  const all = [...firewalls, ...inline];
  return { firewalls: all, problems: [...all.flatMap(notesOf), ...unparsed([...files.values()], parse)] };
}

/** A script that was named itself. */
export async function readFirewallFile(path: string, project: Project): Promise<FirewallReading> {
  const parse = await loadShellParser();
  const result = project.read(path);
  if ('problem' in result) {
    const message = `the file ${result.message}`;
    return { firewalls: [], problems: [{ file: { path, text: '' }, at: { start: 0, end: 0 }, message }] };
  }
  const folder = path.split('/').slice(0, -1).join('/');
  const surroundings = surroundingsOf(parse, folder, project, undefined);
  const { file } = result;
  const firewalls = readOne({ file, starts: [] }, surroundings, undefined);
  const notes = [...firewalls.flatMap(notesOf), ...unparsed([{ file }], parse)];
  if (firewalls.length > 0 || notes.length > 0) return { firewalls, problems: notes };
  const message = 'the shell script decides nothing about what may be sent, so there is nothing to judge';
  return { firewalls, problems: [{ file, at: { start: 0, end: 0 }, message }] };
}

/** What of a firewall could not be followed. */
function notesOf({ model }: Firewall): UnreadableFile[] {
  const note = ({ file, at }: Place, message: string): UnreadableFile => ({
    file,
    at,
    message,
    isReference: true,
    isNote: true,
  });
  const seen = new Set<number>();
  const statements = model.steps.flatMap((step) => {
    if (step.kind !== 'unmodelled' || seen.has(step.place.at.start)) return [];
    seen.add(step.place.at.start);
    return [
      note(
        step.place,
        `what ${shownName(step.what)} does to the firewall cannot be told, so it was not judged`,
      ),
    ];
  });
  const end =
    model.cut && note(model.cut, 'from here on the script could not be followed, so it was not judged');
  return end ? [...statements, end] : statements;
}

/** Scripts that speak of packet filters and are too long to be scripts. */
function unparsed(files: readonly { readonly file: SourceFile }[], parse: ShellParser): UnreadableFile[] {
  return files.flatMap(({ file }): UnreadableFile[] => {
    if (!mentionsFilter(file.text) || parse(file.text)) return [];
    const message = 'the script is too long to be followed, so it was not judged as a firewall';
    return [{ file, at: { start: 0, end: 0 }, message, isReference: true, isNote: true }];
  });
}

function likelyPaths(
  folder: string,
  names: readonly string[],
  container: Container | undefined,
): readonly string[] {
  const own = names.filter(isFirewallName).map((name) => (folder === '' ? name : `${folder}/${name}`));
  const copied = (container?.copies ?? [])
    .filter(({ source, target }) => isFirewallName(lastName(source)) || isFirewallName(lastName(target)))
    .map(({ source }) => source);
  return [...own, ...copied];
}

function surroundingsOf(
  parse: ShellParser,
  folder: string,
  project: Project,
  container: Container | undefined,
): ScriptSurroundings {
  const environment = new Map(
    (container?.environment ?? []).flatMap(({ value }) =>
      value.value === undefined || value.value.includes('${') ? [] : [[value.name, value.value] as const],
    ),
  );
  const find = (name: string) => {
    const known = container?.startup.findScript(name).find(({ text }) => text !== '');
    if (known) return known;
    const path = [folder, lastName(name)].filter((step) => step !== '').join('/');
    const result = lastName(name).includes('\uFFFC') ? undefined : project.read(path);
    return result && 'file' in result ? result.file : undefined;
  };
  return { parse: remember(parse), find, environment };
}

/** A script that several others start is parsed once. */
function remember(parse: ShellParser): ShellParser {
  const known = new Map<string, ReturnType<ShellParser>>();
  return (text) => {
    if (!known.has(text)) known.set(text, parse(text));
    return known.get(text);
  };
}

function readOne(
  { file, starts }: { readonly file: SourceFile; readonly starts: readonly Start[] },
  surroundings: ScriptSurroundings,
  container: Container | undefined,
): Firewall[] {
  if (!mentionsFilter(file.text)) return [];
  const script = readOnce(file, surroundings);
  // What cannot be parsed at all is told of where it is named as a firewall.
  if (!script) return [];
  if (!isFirewall(script)) return [];
  return [{ file, model: modelOf(script), starts, container, isInline: false }];
}

/** `postStartCommand: "sudo iptables -P OUTPUT DROP"`. */
function readInline(
  { value, place }: Declared<LifecycleCommand>,
  container: Container,
  surroundings: ScriptSurroundings,
): Firewall[] {
  const { hook, script } = value;
  if (script === undefined || hook === 'initializeCommand' || !mentionsFilter(script)) return [];
  const file: SourceFile = { path: place.file.path, text: script };
  const read = readAlone(file, surroundings);
  if (!read || !isFirewall(read)) return [];
  const move = (at: Place) => (at.file === read.file ? value.placeOf(at.at.start, at.at.end) : at);
  const steps = read.steps.map((step) => ({ ...step, place: move(step.place), command: move(step.command) }));
  const siblings = container.lifecycle.filter((one) => one.value.hook === hook);
  const start: Start = {
    from: hook,
    place,
    origin: place,
    text: script,
    hasSudo: /\bsudo\b/.test(script),
    isBackground: false,
    hiddenAt: undefined,
    path: '',
    isParallel: siblings.length > 1,
  };
  const last = value.placeOf(read.lastStatement, read.lastStatement).at.start;
  const cut = read.cut && move(read.cut);
  const model = modelOf({ ...read, file: place.file, steps, cut, lastStatement: last });
  return [{ file: place.file, model, starts: [start], container, isInline: true }];
}
