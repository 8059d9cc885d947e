import { UserError } from '../core/errors.js';
import { printable } from '../core/printable.js';
import type { Wanted } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { imageLockPath, imagesOf, printImageLock } from '../policy/image-lock.js';
import type { Options } from '../policy/options.js';
import { askAll } from '../registry/ask.js';
import { internet, openNetwork, type Wires } from '../registry/network.js';
import { registriesOf } from '../registry/packages.js';
import { type Io, write } from './io.js';

/**
 * The lock with the digest that each image's tag has now, by asking its registry. Nothing is written here.
 *
 * @throws UserError where one of them does not answer: half a lock would look like a whole one.
 */
export async function pinAll(options: Options, io: Io, wires: Wires = internet): Promise<SourceFile> {
  const network = openNetwork(io.env, wires);
  const images = imagesOf(options);
  const found = await askAll(images.map(wantedOf), {
    network,
    registries: registriesOf(io.env, ''),
    before: Number.POSITIVE_INFINITY,
  });
  const problems = found.flatMap((one) => ('problem' in one ? [one.problem] : []));
  if (problems.length > 0)
    throw new UserError(`--pin: ${problems.map(printable).join('; ')}; nothing was written`);
  const hosts = [...network.asked].toSorted().map(([host, times]) => `${printable(host)} (${times})`);
  await write(io.stderr, `asked ${hosts.join(', ')}\n`);
  const lock = new Map(
    found.flatMap((one, index) => {
      const [image, digest] = [images[index], 'pin' in one ? one.pin.digest : undefined];
      return image !== undefined && digest !== undefined ? [[image, digest] as const] : [];
    }),
  );
  return { path: imageLockPath, text: printImageLock(lock) };
}

/** The colon of a registry's port comes before the last slash. */
function wantedOf(image: string): Wanted {
  const at = image.lastIndexOf(':');
  const hasTag = at > image.lastIndexOf('/');
  return {
    source: 'image',
    name: hasTag ? image.slice(0, at) : image,
    range: hasTag ? image.slice(at + 1) : '',
  };
}
