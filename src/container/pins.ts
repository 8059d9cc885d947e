import type { Edit, Fix, Pin, Project, Wanted } from '../core/rule.js';
import { type Place, textOf } from '../core/text.js';
import { readRange } from '../core/versions.js';
import { offerFix } from './fixes.js';
import { lockedVersion } from './locked-versions.js';

/** Something that is taken in whatever version there is, and how it would be written in one. */
export interface Loose {
  /** Undefined where nobody can be asked: what it stands for is not known here. */
  readonly wanted: Wanted | undefined;
  /** The version that a file of the project has for it: nobody has to be asked. */
  readonly known?: Pin;
  /** Edits that name this version; empty where the text cannot be changed. */
  rewrite(pin: Pin): readonly Edit[];
}

/** What is said about loose things of one place: a fix for those whose versions are known, questions for the others. */
export interface Pinning {
  readonly fixes: readonly Fix[];
  readonly asks: readonly Wanted[];
}

/**
 * Splits what one finding would be about in those that a file or a registry knows a version of, and the others, so that
 * one that nobody knows does not keep the rest from being mended. Empty parts are left out.
 */
export function splitKnown<T extends Loose>(
  items: readonly T[],
  project: Project,
  root: string,
): readonly T[][] {
  const isKnown = (item: T) => editsOf(item, project, root).length > 0;
  const parts = [items.filter(isKnown), items.filter((item) => !isKnown(item))];
  return parts.filter((part) => part.length > 0);
}

/** The fix that names the versions of all, where all are known, or what has to be asked for that. */
export function pinAll(items: readonly Loose[], project: Project, root: string): Pinning {
  const edits = items.map((item) => editsOf(item, project, root));
  const asks = items.flatMap(({ wanted }) => wanted ?? []);
  if (edits.some((own) => own.length === 0)) return { fixes: [], asks };
  const [first, ...others] = items;
  const pin = first && findPin(first, project, root);
  if (!pin) return { fixes: [], asks };
  const version = pin.version ?? 'the digest that it has now';
  const title =
    others.length > 0 ? `name the versions of all ${items.length}` : `name ${version}, from ${pin.from}`;
  return {
    fixes: offerFix(title, 'newer releases come in only when somebody names them', edits.flat()),
    asks: [],
  };
}

function editsOf(item: Loose, project: Project, root: string): readonly Edit[] {
  const pin = findPin(item, project, root);
  return pin ? item.rewrite(pin) : [];
}

/** What a file of the project has, or else what a registry has answered. */
function findPin({ wanted, known }: Loose, project: Project, root: string): Pin | undefined {
  return known ?? (wanted && (lockedVersion(wanted, project, root) ?? project.pinOf?.(wanted)));
}

/**
 * Puts a text in the place of the one occurrence of another in what a place covers, whatever the language and the quotes.
 * None where it is written in another way there (escapes, variables), or more than once.
 */
export function respell(place: Place, written: string, text: string): readonly Edit[] {
  const raw = textOf(place);
  const at = raw.indexOf(written);
  const isPart = /[\w@/.-]/.test(`${raw[at - 1] ?? ''}${raw[at + written.length] ?? ''}`);
  if (written === '' || at < 0 || isPart || raw.includes(written, at + 1)) return [];
  let same = 0;
  // An insertion behind the last character would stand outside of what other findings at the place are about.
  while (same < written.length - 1 && written[same] === text[same]) same += 1;
  const start = place.at.start + at;
  return [
    {
      file: place.file.path,
      at: { start: start + same, end: start + written.length },
      text: text.slice(same),
    },
  ];
}

/**
 * An npm package to ask for, at the registry that the project's own `.npmrc` names for it. Undefined for a range that
 * is not read, and where that registry cannot be told: another one's package of the same name is another package.
 */
export function wantedNpm(name: string, range: string, project: Project, root: string): Wanted | undefined {
  const result = project.read(root === '' ? '.npmrc' : `${root}/.npmrc`);
  const text = 'file' in result ? result.file.text : '';
  const scope = /^@[\w.~-]+(?=\/)/.exec(name)?.[0];
  const named = (scope && settingIn(text, `${scope}:registry`)) ?? settingIn(text, 'registry');
  if (!readRange(range) && !/^[a-z]{1,20}$/.test(range)) return undefined;
  if (named === undefined) return { source: 'npm', name, range };
  const isUsable = URL.canParse(named) && /^https:\/\/[^$]+$/.test(named);
  return isUsable ? { source: 'npm', name, range, registry: named } : undefined;
}

/** A Python package to ask for; undefined for a range that is not read. */
export function wantedPypi(name: string, range: string): Wanted | undefined {
  return readRange(range) ? { source: 'pypi', name, range } : undefined;
}

function settingIn(text: string, key: string): string | undefined {
  for (const line of text.split('\n')) {
    const [name = '', ...value] = line.split('=');
    if (name.trim() === key)
      return value
        .join('=')
        .trim()
        .replace(/^"(.*)"$/, '$1');
  }
  return undefined;
}
