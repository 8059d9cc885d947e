import { elements, type JsonNode, members, stringValue } from '../documents/json.js';
import { type Field, type MountContext, readCsvFields } from './mount-syntax.js';

const reading = /^(?:readonly|ro|read_only)$/i;

/**
 * What the text of a mount asks for and does not get. Under compose the CLI keeps source and target alone, minds the
 * case of keys and cuts a value at its second `=`; for docker the last `readonly` counts.
 */
export function lostInText(text: string, { compose }: MountContext): readonly string[] {
  const fields = readCsvFields(text);
  const asked = fields.filter(({ key, value }) => key === 'readonly' && isYes(value));
  if (!compose) {
    const last = fields.findLast(({ key }) => key === 'readonly');
    return asked.length > 0 && last && !isYes(last.value) ? ['readonly'] : [];
  }
  return [...(asked.length > 0 ? ['readonly'] : []), ...fields.flatMap((field) => lostUnderCompose(field))];
}

function lostUnderCompose({ raw, key, value = '' }: Field): readonly string[] {
  if (key === 'bind-propagation') return [`${key}=${value}`];
  if (key === 'type' && value.toLowerCase() === 'tmpfs') return ['tmpfs'];
  const name = raw.split('=')[0] ?? '';
  const isCut = (key === 'source' || key === 'target') && raw.split('=').length > 2;
  if (isCut) return [`what follows the second = of "${raw}"`];
  const isKnown =
    /^(?:source|target)$/.test(key) && !/^(?:src|source|target|dst|destination)$/.test(name.trim());
  return isKnown ? [`"${raw}", for its key is not in lower case`] : [];
}

/** Of the object form the tools keep `type`, `source` and `target`. */
export function lostInObject(node: JsonNode, { compose }: MountContext): readonly string[] {
  return members(node).flatMap(({ key, value }) => {
    if (reading.test(key) && (value.value === true || isYes(stringValue(value) ?? 'no'))) return [key];
    if (
      /^(?:options|volume-opt)$/.test(key) &&
      elements(value).some((one) => reading.test(stringValue(one) ?? ''))
    )
      return [`${key}: ["ro"]`];
    if (/^(?:bind-?propagation|bind)$/i.test(key)) return [key];
    return compose && key === 'type' && stringValue(value) === 'tmpfs' ? ['tmpfs'] : [];
  });
}

function isYes(value: string | undefined): boolean {
  return value === undefined || /^(?:1|t|true)$/i.test(value);
}
