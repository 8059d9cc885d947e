import type { Place } from '../core/text.js';
import type { Container } from './container.js';

/** Where a finding about the container as a whole stands: its image, its service in a compose file, or where the file begins. */
export function placeOfContainer({ image, file, servicePlace }: Container): Place {
  if (image && (image.place.file === file || image.place.file === servicePlace?.file)) return image.place;
  if (servicePlace) return servicePlace;
  const start = Math.max(0, file.text.indexOf('{'));
  return { file, at: { start, end: Math.min(start + 1, file.text.length) } };
}

/** Whether the files tell with which options the container is created that the tools run in. */
export function isCreatedHere({ source, servicePlace, isNeighbour }: Container): boolean {
  return source === 'image' || source === 'dockerfile' || (servicePlace !== undefined && !isNeighbour);
}
