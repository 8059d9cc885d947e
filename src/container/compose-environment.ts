import type { JsonNode } from '../documents/json.js';
import {
  type Layers,
  layersOf,
  type Pair,
  pairsOf,
  placeOfStated,
  removeStated,
  textOf,
} from './compose-layers.js';
import type { Declared, EnvironmentVariable } from './container.js';
import { unknownVariables } from './interpolate.js';

/**
 * Variables of a service. `shared` are variables of compose that other services take too: they are the project's own,
 * whatever they are called, and not the user's.
 */
export function readServiceEnvironment(
  service: Layers,
  shared: ReadonlySet<string>,
): readonly Declared<EnvironmentVariable>[] {
  return pairsOf(layersOf(service, 'environment')).map((pair) => {
    const { name, value, file } = pair;
    // A name alone passes a variable on: of the `.env` file, or of the host.
    const passed = file.variables.has(name) ? [] : [name];
    const hostVariables = value === undefined ? passed : unknownVariables(value);
    const isOwn = (variable: string) => !shared.has(variable);
    return {
      value: {
        name,
        value: value ?? file.variables.get(name),
        hostVariables: hostVariables.filter(isOwn),
        scope: 'container',
      },
      place: placeOfStated(pair),
      syntax: 'compose',
      remove: () => removeStated([pair]),
    };
  });
}

/** Variables of compose that texts of several services take in. What one text states for all of them counts once. */
export function sharedVariables(services: Iterable<Layers>): ReadonlySet<string> {
  const seen = new Map<string, JsonNode>();
  const shared = new Set<string>();
  for (const service of services)
    for (const pair of pairsOf(layersOf(service, 'environment')))
      for (const name of variablesOf(pair)) {
        if ((seen.get(name) ?? pair.node) !== pair.node) shared.add(name);
        seen.set(name, pair.node);
      }
  return shared;
}

function variablesOf(pair: Pair): readonly string[] {
  return pair.value === undefined ? [pair.name] : unknownVariables(textOf(pair) ?? '');
}
