import { type BuildArgument, type BuildContext, type BuildOption, judgeContext } from './build-settings.js';
import {
  declareStated,
  isYes,
  itemsOf,
  type Layers,
  lastOf,
  layersOf,
  pairsOf,
  type Stated,
  textAt,
  textOf,
} from './compose-layers.js';
import type { Declared } from './container.js';
import { unknownVariables } from './interpolate.js';

/** How compose builds the image of a service, in the terms of the command that builds one. */
export interface BuildSettings {
  readonly buildArguments: readonly Declared<BuildArgument>[];
  readonly buildOptions: readonly Declared<BuildOption>[];
  readonly buildContexts: readonly Declared<BuildContext>[];
}

export function readBuildSettings(service: Layers): BuildSettings {
  const layers = layersOf(service, 'build');
  return {
    buildArguments: pairsOf(layersOf(layers, 'args')).map((pair) => {
      const { name, value, file } = pair;
      const passed = file.variables.has(name) ? [] : [name];
      const hostVariables = value === undefined ? passed : unknownVariables(value);
      return declareBuild(pair, { name, value: value ?? file.variables.get(name), hostVariables });
    }),
    buildOptions: readOptions(layers),
    buildContexts: readContext(layers),
  };
}

function declareBuild<T>(stated: Stated, value: T, together?: Layers): Declared<T> {
  return { ...declareStated(stated, value, together), syntax: 'build' };
}

function readOptions(layers: Layers): readonly Declared<BuildOption>[] {
  const lists = { ssh: '--ssh', entitlements: '--allow' };
  const network = layersOf(layers, 'network');
  const privileged = layersOf(layers, 'privileged');
  const [lastNetwork, lastPrivileged] = [network.at(-1), privileged.at(-1)];
  return [
    ...Object.entries(lists).flatMap(([key, name]) =>
      itemsOf(layersOf(layers, key)).flatMap((item) => {
        const value = textOf(item);
        return value === undefined ? [] : [declareBuild(item, { name, value })];
      }),
    ),
    ...pairsOf(layersOf(layers, 'extra_hosts')).map((pair) =>
      declareBuild(pair, { name: '--add-host', value: [pair.name, pair.value].filter(Boolean).join('=') }),
    ),
    ...(lastNetwork
      ? [declareBuild(lastNetwork, { name: '--network', value: textOf(lastNetwork) }, network)]
      : []),
    ...(lastPrivileged && isYes(lastPrivileged)
      ? [declareBuild(lastPrivileged, { name: '--privileged', value: undefined }, privileged)]
      : []),
  ];
}

function readContext(layers: Layers): readonly Declared<BuildContext>[] {
  const last = layers.at(-1);
  const stated = lastOf(layers, 'context') ?? (last?.node.type === 'object' ? undefined : last);
  const reference = stated && (stated === last ? textOf(stated) : textAt(layers, 'context'));
  if (!stated || !reference) return [];
  const { folder } = stated.file;
  return [declareBuild(stated, judgeContext(`${folder}/compose.yaml`, reference, [reference], true))];
}
