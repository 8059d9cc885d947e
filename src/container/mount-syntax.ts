import type { Mount } from './container.js';
import { resolveHostPath } from './host-path.js';
import { placeOfVariable } from './host-variables.js';
import { splitOutsideVariables, splitVariables } from './variables.js';

/** A mount as its text states it, before the host path is resolved. */
export type StatedMount = Omit<Mount, 'host'>;

/** How a text is read: docker's rules, or those of the CLI when it writes an override file for compose. */
export interface MountContext {
  readonly compose: boolean;
}

/** One `key=value` of the comma-separated form. */
export interface Field {
  /** As written, with quotes. */
  readonly raw: string;
  readonly key: string;
  /** Undefined for a bare key. */
  readonly value: string | undefined;
}

const keys: Readonly<Record<string, string>> = {
  src: 'source',
  dst: 'target',
  destination: 'target',
  ro: 'readonly',
};

/** Reads `type=bind,source=…,target=…`: CSV with quoted fields, keys in any order and case. */
export function readCsvMount(text: string, context: MountContext): StatedMount {
  const fields = splitFields(text, context);
  const last = (key: string) => fields.findLast((field) => field.key === key)?.value || undefined;
  const options = fields.filter(({ key }) => key === 'volume-opt').map(({ value = '' }) => value);
  const device = context.compose ? undefined : boundDevice(options);
  const source = device ?? last('source');
  const type = last('type')?.toLowerCase();
  const target = last('target');
  const readOnly = !context.compose && isOn(fields.findLast(({ key }) => key === 'readonly'));
  return { type: typeOf(device === undefined ? type : 'bind', source, context), source, target, readOnly };
}

function typeOf(
  type: string | undefined,
  source: string | undefined,
  { compose }: MountContext,
): Mount['type'] {
  if (source !== undefined && isPipe(source)) return 'npipe';
  if (compose && type === 'tmpfs')
    return source === undefined ? 'volume' : typeOf(undefined, source, { compose });
  if (type === 'tmpfs') return 'tmpfs';
  if (type === 'bind' && !compose) return 'bind';
  // A path is never a volume's name: docker refuses it, compose binds it, and what was meant is the path.
  return source !== undefined && isPath(source) ? 'bind' : 'volume';
}

function splitFields(text: string, { compose }: MountContext): readonly Field[] {
  // The CLI knows no quotes, drops what follows a second `=` and minds the case of keys.
  const raws = compose ? text.split(',') : splitCsv(text);
  return raws.map((raw) => {
    const plain = compose ? raw : unquote(raw.trim());
    const [name = '', ...rest] = plain.split('=');
    const key = compose ? name : name.trim().toLowerCase();
    const value = rest.length === 0 ? undefined : compose ? rest[0] : rest.join('=').trim();
    return { raw, key: keys[key] ?? key, value };
  });
}

/** Commas outside of quotes and of `${…}` separate; a field that begins with a quote ends behind an even number of them. */
function splitCsv(text: string): readonly string[] {
  const fields: string[] = [];
  let open: { readonly pieces: string[]; quotes: number } | undefined;
  for (const piece of splitOutsideVariables(text, ',')) {
    const isQuoted = open !== undefined || piece.trimStart().startsWith('"');
    open ??= { pieces: [], quotes: 0 };
    open.pieces.push(piece);
    open.quotes += piece.split('"').length - 1;
    if (isQuoted && open.quotes % 2 === 1) continue;
    fields.push(open.pieces.join(','));
    open = undefined;
  }
  return open ? [...fields, open.pieces.join(',')] : fields;
}

function unquote(field: string): string {
  return field.startsWith('"') ? field.replace(/^"|"$/g, '').replaceAll('""', '"') : field;
}

/** The fields of docker's comma-separated form, names of keys reduced to one each. */
export function readCsvFields(text: string): readonly Field[] {
  return splitFields(text, { compose: false });
}

function isOn(field: Field | undefined): boolean {
  return field !== undefined && (field.value === undefined || /^(?:1|t|true)$/i.test(field.value));
}

/** The host's path of a local volume that is a bind in disguise: `volume-opt=o=bind,volume-opt=device=/x`. */
function boundDevice(options: readonly string[]): string | undefined {
  const value = (name: string) =>
    options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
  const isBind = (value('o') ?? '').split(',').some((option) => /^r?bind$/.test(option.trim()));
  const device = value('device');
  return device && (isBind || value('type') === 'none') ? device : undefined;
}

/** Reads `source:target[:options]`; a colon inside `${…}` or behind a drive letter does not separate. */
export function readShortMount(text: string): StatedMount {
  const parts = splitShort(text);
  const [first = '', target, options = ''] = parts;
  if (target === undefined)
    return { type: 'volume', source: undefined, target: first || undefined, readOnly: false };
  const type = isPipe(first) ? 'npipe' : isPath(first) ? 'bind' : 'volume';
  return { type, source: first || undefined, target, readOnly: options.split(',').some(isReadOnlyOption) };
}

function isReadOnlyOption(option: string): boolean {
  return /^(?:ro|readonly)$/.test(option.trim());
}

function splitShort(text: string): readonly string[] {
  const [first = '', second, ...rest] = splitOutsideVariables(text.trim(), ':');
  if (second === undefined) return [first];
  const isDrive = /^[a-z]$/i.test(first) && /^[\\/]/.test(second);
  return isDrive ? [`${first}:${second}`, ...rest] : [first, second, ...rest];
}

function isPipe(source: string): boolean {
  return /^[\\/]{2}\.[\\/]+pipe[\\/]/i.test(source);
}

/** Whether a source is a path and not the name of a volume, which has no slashes. */
export function isPath(source: string): boolean {
  if (/^(?:[~./\\]|[a-z]:(?:[\\/]|$))/i.test(source)) return true;
  const parts = splitVariables(source);
  if (parts[0]?.kind === 'workspace') return true;
  const plain = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  if (/[\\/]/.test(plain)) return true;
  const other = parts.findIndex(({ kind }) => kind !== 'host');
  const lead = other < 0 ? parts : parts.slice(0, other);
  // `${localEnv:X}` alone: a place of the host where X is known to hold one, or unknown; before other text it is a name.
  return lead.some(
    (part) =>
      part.kind === 'host' &&
      (placeOfVariable(part.name) !== undefined || /[\\/]/.test(part.fallback) || parts.length === 1),
  );
}

/** Joins a stated mount with where its source lies on the host. */
export function resolveMount(stated: StatedMount, context: MountContext): Mount {
  const onHost = stated.source !== undefined && (stated.type === 'bind' || stated.type === 'npipe');
  return { ...stated, host: onHost ? resolveHostPath(stated.source ?? '', context) : undefined };
}

const bindOnly =
  /^(?:bind-propagation|bind-nonrecursive|bind-recursive|consistency|readonly|volume-opt|volume-driver)$/;

/** The comma-separated form with a named volume as its source; other fields keep their text and place. */
export function toVolumeCsv(text: string, name: string): string {
  const fields = splitFields(text, { compose: false }).filter(({ key }) => !bindOnly.test(key));
  const named = fields.map(({ raw, key }) => {
    if (key === 'source') return `${keyText(raw)}=${name}`;
    return key === 'type' ? `${keyText(raw)}=volume` : raw;
  });
  if (!fields.some(({ key }) => key === 'source')) named.push(`source=${name}`);
  if (!fields.some(({ key }) => key === 'type')) named.push('type=volume');
  return named.join(',');
}

function keyText(raw: string): string {
  return raw.trim().replace(/^"/, '').split('=')[0] ?? '';
}

export function toReadOnlyCsv(text: string): string {
  const fields = splitFields(text, { compose: false }).filter(({ key }) => key !== 'readonly');
  return [...fields.map(({ raw }) => raw), 'readonly'].join(',');
}

export function toVolumeShort(text: string, name: string): string {
  const [, target = '', options = ''] = splitShort(text);
  const kept = options
    .split(',')
    .filter(
      (option) =>
        option !== '' &&
        !/^(?:ro|rw|readonly|z|Z|r?shared|r?slave|r?private|cached|delegated|consistent)$/.test(option),
    );
  return [name, target, ...(kept.length > 0 ? [kept.join(',')] : [])].join(':');
}

export function toReadOnlyShort(text: string): string {
  const [source = '', target = '', options = ''] = splitShort(text);
  const kept = options.split(',').filter((option) => option !== '' && option !== 'rw');
  return [source, target, [...kept, 'ro'].join(',')].join(':');
}

/** One file of the folder that is mounted, read-only, at its place in the target; undefined where a field is quoted. */
export function toFileCsv(text: string, name: string): string | undefined {
  const fields = splitFields(text, { compose: false }).filter(({ key }) => key !== 'readonly');
  if (fields.some(({ raw }) => raw.includes('"'))) return undefined;
  const named = fields.map(({ raw, key }) => (key === 'source' || key === 'target' ? below(raw, name) : raw));
  return [...named, 'readonly'].join(',');
}

export function toFileShort(text: string, name: string): string {
  const [source = '', target = ''] = splitShort(text);
  return toReadOnlyShort([below(source, name), below(target, name), ...splitShort(text).slice(2)].join(':'));
}

function below(path: string, name: string): string {
  return `${path.replace(/[\\/]+$/, '')}/${name}`;
}
