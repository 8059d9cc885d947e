import type { Place } from '../core/text.js';
import type { Container } from './container.js';

/** Where a finding about the container as a whole stands in devcontainer.json: its image, or where the file begins. */
export function placeOfContainer({ image, file }: Pick<Container, 'image' | 'file'>): Place {
  if (image?.place.file === file) return image.place;
  const start = Math.max(0, file.text.indexOf('{'));
  return { file, at: { start, end: Math.min(start + 1, file.text.length) } };
}
