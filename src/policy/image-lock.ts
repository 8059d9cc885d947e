import { UserError } from '../core/errors.js';
import type { SourceFile } from '../core/text.js';
import { parseJson, plainValue, spanOf } from '../documents/json.js';
import isLock from '../generated/image-lock.js';
import { quote } from './messages.js';
import type { Options } from './options.js';

/** Beside the policy, and committed with it. */
export const imageLockPath = '.devcontainer/harden-devcontainer-lock.json';

/** Digests by an image's name with its tag. */
export type ImageLock = ReadonlyMap<string, string>;

const howToRenew = 'write it anew with `harden-devcontainer init --online --pin`';

/** @throws UserError where the file is not what `init --online --pin` writes: half a lock would pin half of the images unseen. */
export function readImageLock(file: SourceFile): ImageLock {
  const { root, problems, duplicates } = parseJson(file);
  const at = root ? spanOf(root) : { start: 0, end: 0 };
  const [syntax] = [...problems, ...duplicates];
  if (syntax)
    throw new UserError(`not readable as JSON: ${syntax.message}; ${howToRenew}`, {
      place: { file, at: syntax.at },
    });
  const value = plainValue(root);
  if (!isLock(value)) {
    const [error] = isLock.errors ?? [];
    const where = error?.instancePath ? `${quote(error.instancePath.slice(1))} ` : '';
    throw new UserError(`${where}is no lock of images: ${error?.message ?? 'it is empty'}; ${howToRenew}`, {
      place: { file, at },
    });
  }
  return new Map(Object.entries((value as { images: Record<string, string> }).images));
}

export function printImageLock(lock: ImageLock): string {
  const images = Object.fromEntries([...lock].sort(([a], [b]) => (a < b ? -1 : 1)));
  const $schema = 'https://unpkg.com/harden-devcontainer/schemas/image-lock.schema.json';
  return `${JSON.stringify({ $schema, version: 1, images }, undefined, 2)}\n`;
}

/** Every image that the build takes something from, once; those that name a digest themselves are left out. */
export function imagesOf({ baseImage, gatewayImage, sidecar, copies }: Options): readonly string[] {
  const all = [baseImage, ...copies.map(({ image }) => image), ...(sidecar ? [gatewayImage] : [])];
  return [...new Set(all)].filter((image) => !image.includes('@'));
}

/** The options with the digest of each image that the lock has. */
export function pinImages(options: Options, lock: ImageLock): Options {
  const pin = (image: string) => {
    const digest = lock.get(image);
    return digest === undefined ? image : `${image}@${digest}`;
  };
  return {
    ...options,
    baseImage: pin(options.baseImage),
    gatewayImage: pin(options.gatewayImage),
    copies: options.copies.map((copy) => ({ ...copy, image: pin(copy.image) })),
  };
}

/** What a lock that was not renewed means, a sentence each: an image without a digest, and digests that nothing uses. */
export function checkImageLock(lock: ImageLock, images: readonly string[]): readonly string[] {
  const open = images.filter((image) => !lock.has(image));
  const idle = [...lock.keys()].filter((image) => !images.includes(image));
  return [
    ...(open.length > 0
      ? [
          `${imageLockPath} has no digest of ${open.join(', ')}, so the tag decides what is built; ${howToRenew}`,
        ]
      : []),
    ...(idle.length > 0
      ? [`${imageLockPath} has digests of ${idle.join(', ')}, which nothing is built from; ${howToRenew}`]
      : []),
  ];
}
