import type { ImageParts } from './options.js';
import type { StackId } from './policy.js';
import { stackIds } from './policy.js';
import type { Presets, StackPreset } from './presets.js';

/** A file or folder of another image. */
interface ImagePart {
  readonly image: string;
  readonly from: string;
  readonly to: string;
}

/** What an image is made from: the base, and what comes from others. */
export interface ImagePlan {
  readonly base: string;
  readonly parts: readonly ImagePart[];
  readonly packages: readonly string[];
}

/**
 * Any mix of stacks in one image. The base is the stack that needs most libraries elsewhere, so that what is hardest to
 * move stays where it is; of equals, and for the order of the copies, the order of the ids counts and not that of the policy.
 * Folders that two stacks share, such as /usr/local/bin, are merged: none of their files has the name of another's.
 */
export function planImage(ids: readonly StackId[], presets: Presets): ImagePlan {
  const stacks = stackIds.filter((id) => ids.includes(id)).map((id) => presets.stacks[id]);
  const base = stacks.reduce((chosen: StackPreset | undefined, stack) => {
    if (!stack.isBase) return chosen;
    return chosen && chosen.libraries.length >= stack.libraries.length ? chosen : stack;
  }, undefined);
  const image = (base ?? presets.base).image;
  if (image === undefined) throw new Error('the base has no image');
  const copied = stacks.flatMap((stack) =>
    stack === base || stack.image === undefined ? [] : [{ ...stack, image: stack.image }],
  );
  return {
    base: image,
    parts: [
      ...copied.flatMap((stack) => stack.copies.map((copy) => ({ image: stack.image, ...copy }))),
      ...stacks.flatMap(({ additions }) => additions),
    ],
    packages: [...stacks.flatMap((stack) => stack.packages), ...copied.flatMap((stack) => stack.libraries)],
  };
}

/** Each image once, with all that is taken from it. */
export function byImage(parts: readonly ImagePart[]): ImageParts[] {
  return [...new Set(parts.map(({ image }) => image))].map((image) => ({
    image,
    paths: parts.filter((part) => part.image === image).map(({ from, to }) => ({ from, to })),
  }));
}
