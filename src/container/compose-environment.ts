import { type Layers, layersOf, pairsOf, placeOfStated, removeStated, textOf } from './compose-layers.js';
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

/** The variables of compose that the texts of a service take in from outside its files. */
export function variablesOf(service: Layers): readonly string[] {
  return pairsOf(layersOf(service, 'environment')).flatMap((pair) => {
    const text = textOf(pair);
    return pair.value === undefined ? [pair.name] : unknownVariables(text ?? '');
  });
}
