import { remember } from '../core/remember.js';
import { didYouMean } from '../core/suggest.js';
import { readCsvFields } from './mount-syntax.js';

const keys =
  'type source src target destination dst readonly ro consistency bind-propagation bind-nonrecursive bind-recursive bind-create-host-path volume-driver volume-label volume-nocopy volume-opt volume-subpath image-subpath tmpfs-size tmpfs-mode external relabel idmap U chown'.split(
    ' ',
  );
const types = ['bind', 'volume', 'tmpfs', 'npipe', 'image', 'cluster'];
/** Keys that stand without a value. */
const switches = /^(?:readonly|ro|bind-nonrecursive|volume-nocopy|external|idmap|u|chown)$/;

/** What docker refuses in the text of a mount; undefined where it is in order. */
export function findMountProblem(text: string | undefined): string | undefined {
  return text === undefined ? undefined : judgeMount(text).problem;
}

const judgeMount = remember((text) => ({ problem: problemOf(text) }));

function problemOf(text: string): string | undefined {
  if (text.includes('${templateOption')) return undefined;
  const fields = readCsvFields(text);
  if (!fields.some(({ key }) => key === 'target'))
    return `the mount "${shorten(text)}" names no target, so the container does not start`;
  for (const { raw, key, value } of fields) {
    // A variable may stand for whole fields.
    if (raw.includes('${') && !raw.includes('=')) continue;
    if (raw !== raw.trim() || /^[^=]*\s=|=\s/.test(raw))
      return `the mount has a blank beside "${raw.trim()}", which docker refuses`;
    const written = raw.split('=')[0] ?? '';
    if (!keys.includes(key) && !keys.includes(written))
      return `the mount has the key "${shorten(written)}", which docker does not know${didYouMean(written, keys)}`;
    if (
      key === 'type' &&
      value !== undefined &&
      !value.includes('${') &&
      !types.includes(value.toLowerCase())
    )
      return `the mount is of the type "${shorten(value)}", which docker does not know${didYouMean(value, types)}`;
    if (value === undefined && !switches.test(key))
      return `the mount has "${written}" without a value, which docker refuses`;
  }
  return undefined;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
