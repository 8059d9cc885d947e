import type { Pin, Wanted } from '../core/rule.js';
import { RegistryError } from './failure.js';
import { pinFeature, pinImage } from './images.js';
import type { Network } from './network.js';
import { pinExtension, pinNpm, pinPypi, type Registries } from './packages.js';

export interface AskOptions {
  readonly network: Network;
  readonly registries: Registries;
  /** Releases of packages and extensions that came out later are passed over: milliseconds since 1970. */
  readonly before: number;
}

/** What was wanted, with the version that it stands for or why there is none. */
export type Found = { readonly wanted: Wanted } & ({ readonly pin: Pin } | { readonly problem: string });

/** Questions that are open at a time: few enough for a registry to take them as one reader's. */
const atOnce = 4;

/** Asks for each once. What a registry does not say stops no other. `onEach` is told how many are answered. */
export async function askAll(
  wanted: readonly Wanted[],
  options: AskOptions,
  onEach: (done: number) => void = () => {},
): Promise<readonly Found[]> {
  const found: Found[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let index = next++; index < wanted.length; index = next++) {
      const one = wanted[index];
      if (one) found[index] = await askOne(one, options);
      done += 1;
      onEach(done);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return found;
}

async function askOne(wanted: Wanted, options: AskOptions): Promise<Found> {
  try {
    return { wanted, pin: await pin(wanted, options) };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { wanted, problem: error.message };
  }
}

function pin(wanted: Wanted, { network, registries, before }: AskOptions): Promise<Pin> {
  switch (wanted.source) {
    case 'image':
      return pinImage(wanted, network);
    case 'feature':
      return pinFeature(wanted, network);
    case 'npm':
      return pinNpm(wanted, network, registries, before);
    case 'pypi':
      return pinPypi(wanted, network, registries, before);
    case 'extension':
      return pinExtension(wanted, network, before);
  }
}

/** What makes two of them the same question. */
export function keyOf({ source, name, range, registry = '' }: Wanted): string {
  return JSON.stringify([source, name, range, registry]);
}
