import type { Finding, Project } from '../core/rule.js';
import { type Emission, listObjections, textsOf } from '../init.js';
import { mcpConfigPath } from '../policy/mcp-config.js';
import { policyPath } from '../policy/policy.js';
import {
  type Base,
  basePath,
  decodeBase,
  encodeBase,
  hashed,
  isOurs,
  isRecorded,
  isSameBase,
} from '../update/base-file.js';
import { type PlannedFile, planFiles, readExisting } from './init-changes.js';

/** What a run of `init` would do to the project's files. */
export interface UpdatePlan {
  /** Everything that differs, without the record. */
  readonly files: readonly PlannedFile[];
  /** The record of what is rendered; undefined where it is right already. */
  readonly record: PlannedFile | undefined;
  /** Rendered files whose edits by hand stay. */
  readonly edited: readonly string[];
  /** Whether edits by hand could be told apart. */
  readonly base: Base | 'missing' | 'damaged';
}

/** Files that are for people: who removes one wants it gone. */
const forReading = /\.md$/;

/** What lint and the parsers can judge when somebody edits it; scripts and lists they cannot. */
const judged = /(?:^|\/)(?:devcontainer\.json|Dockerfile|compose\.yaml)$|\.md$/;

export function canBeJudged(path: string): boolean {
  return judged.test(path);
}

/** A page of somebody else's is no edit of ours. */
function isForeign({ path }: Emission, project: Project): boolean {
  const text = forReading.test(path) ? readExisting(project, path) : undefined;
  return text !== undefined && !text.includes('Written by harden-devcontainer');
}

/**
 * Compares what is rendered with the disk and with what was rendered last. `merged` names files whose new text keeps all
 * of the old one. Without a record every difference counts as an overwritten edit.
 */
export async function planUpdate(
  planned: readonly Emission[],
  project: Project,
  merged: ReadonlySet<string>,
  { changes, force }: { readonly changes: number; readonly force: boolean },
): Promise<UpdatePlan> {
  const base = readBase(project);
  const emissions = planned.filter((emission) => !isForeign(emission, project));
  const rendered = emissions.filter(
    ({ path }) => path !== policyPath && path !== mcpConfigPath && isOurs(path) && !certificates.test(path),
  );
  const files = rendered.map(
    ({ path, text }) => [path, canBeJudged(path) ? { text } : hashed(text)] as const,
  );
  const next: Base = { changes, files: new Map(files) };
  const record = planRecord(base, next, project);
  if (typeof base === 'string')
    return { files: planFiles(emissions, project, merged), record, edited: [], base };
  const own = new Set([...merged, policyPath]);
  const others = planFiles(
    emissions.filter(({ path }) => !next.files.has(path)),
    project,
    own,
  );
  const compared: PlannedFile[] = [];
  for (const emission of rendered)
    compared.push(...(await mergeOne(emission, force ? nothing : base, project)));
  const gone = [...base.files.keys()].flatMap((path) =>
    certificates.test(path) || emissions.some((emission) => emission.path === path)
      ? []
      : (planRemoval(path, base, project) ?? []),
  );
  const texts = textsOf(rendered);
  const edited = compared
    .filter(({ path, after }) => after?.replaceAll('\r\n', '\n') !== texts.get(path))
    .map(({ path }) => path);
  const refused = edited.length === 0 ? compared : await refuseWeaker(compared, edited, emissions, project);
  return {
    files: [...others, ...refused, ...gone].filter(({ before, after }) => before !== after),
    record,
    edited: edited.filter((path) => !refused.find((file) => file.path === path)?.overwrites),
    base,
  };
}

/** The user's own, which init is given once: they are neither rendered again nor no longer. */
const certificates = /\.(?:pem|crt)$/;

/** Compared with it, every edit by hand gives way. */
const nothing: Base = { changes: 0, files: new Map() };

function readBase(project: Project): UpdatePlan['base'] {
  const text = readExisting(project, basePath);
  return text === undefined ? 'missing' : (decodeBase(text) ?? 'damaged');
}

function planRecord(base: UpdatePlan['base'], next: Base, project: Project): PlannedFile | undefined {
  if (typeof base !== 'string' && isSameBase(base, next)) return undefined;
  const before = readExisting(project, basePath);
  return { path: basePath, before, after: encodeBase(next), executable: false, overwrites: false };
}

/** None where the user has removed what is for people. */
async function mergeOne(
  { path, text, executable }: Emission,
  base: Base,
  project: Project,
): Promise<readonly PlannedFile[]> {
  const before = readExisting(project, path);
  const old = base.files.get(path);
  const plain = { path, before, after: text, executable };
  const against = (reason: string, line = 1) => [{ ...plain, overwrites: true, conflict: { line, reason } }];
  if (before === undefined) return old && forReading.test(path) ? [] : [{ ...plain, overwrites: false }];
  if (before === text || isRecorded(old, before)) return [{ ...plain, overwrites: false }];
  if (!old) return against('it was there before init rendered a file of that name');
  if ('sha256' in old)
    return against('edited by hand, and lint cannot judge what that does to the protection');
  const { mergeFile } = await import('../update/merge-file.js');
  const result = mergeFile(path, old.text, before, text);
  if ('conflict' in result) return against(result.conflict, result.line);
  return [{ ...plain, after: result.text, overwrites: false }];
}

/** What is rendered no longer goes where nobody has edited it. */
function planRemoval(path: string, base: Base, project: Project): PlannedFile | undefined {
  const before = readExisting(project, path);
  if (before === undefined) return undefined;
  const file = { path, before, after: undefined, executable: false };
  if (isRecorded(base.files.get(path), before)) return { ...file, overwrites: false };
  const reason = 'it is rendered no longer, but was edited by hand';
  return { ...file, overwrites: true, conflict: { line: 1, reason } };
}

/** An edit by hand that lint objects to is a conflict: the rendered file stands against it. */
async function refuseWeaker(
  files: readonly PlannedFile[],
  edited: readonly string[],
  emissions: readonly Emission[],
  project: Project,
): Promise<readonly PlannedFile[]> {
  const rendered = textsOf(emissions);
  const joined = new Map(rendered);
  for (const { path, after } of files) if (after !== undefined) joined.set(path, after);
  const objections = await listObjections(project, joined, rendered, 'pedantic');
  // A finding of the whole container stands elsewhere than the edit that led to it.
  const stray = objections.find(({ place }) => !edited.includes(place.file.path));
  return files.map((file) => {
    const own = objections.find(({ place }) => place.file.path === file.path);
    const finding = edited.includes(file.path) ? (own ?? stray) : undefined;
    return finding
      ? { ...file, after: rendered.get(file.path), overwrites: true, conflict: conflictOf(finding) }
      : file;
  });
}

function conflictOf({ place, message, ruleId }: Finding): { line: number; reason: string } {
  const line = place.file.text.slice(0, place.at.start).split('\n').length;
  return { line, reason: `edited by hand so that it is weaker: ${message} (${ruleId})` };
}
