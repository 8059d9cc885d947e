import { type JsonNode, member } from '../documents/json.js';
import { addYamlKeys } from '../documents/yaml-additions.js';
import { replaceYaml } from '../documents/yaml-edits.js';
import {
  declareStated,
  type Layers,
  lastOf,
  layersOf,
  type Stated,
  textAt,
  textOf,
} from './compose-layers.js';
import { type DeclaredPort, type Port, readShortPort, toLoopbackShort } from './ports.js';
import { splitOutsideVariables } from './variables.js';

/** The `ports` of a service in both forms; those that are only `expose`d are not published. */
export function readServicePorts(service: string, layers: Layers): readonly DeclaredPort[] {
  const items = layersOf(layers, 'ports').flatMap(({ file, node }) =>
    (node.children ?? []).map((child) => ({ file, node: child })),
  );
  return items.flatMap((item) =>
    item.node.type === 'object' ? readLong(service, item) : readShort(service, item),
  );
}

function readShort(service: string, item: Stated): readonly DeclaredPort[] {
  const text = textOf(item)?.trim();
  if (!text) return [];
  const written = String(item.node.value);
  return [
    {
      ...declareStated(item, readShortPort(text)),
      service,
      // A variable that holds more than one part cannot be taken apart.
      toLoopback: () =>
        countParts(written) === countParts(text)
          ? replaceYaml(item.file.document, item.node, toLoopbackShort(written))
          : [],
    },
  ];
}

function readLong(service: string, item: Stated): readonly DeclaredPort[] {
  const layers = [item];
  const inside = textAt(layers, 'target') ?? '';
  const outside = textAt(layers, 'published');
  const address = lastOf(layers, 'host_ip');
  const value: Port = {
    text: outside === undefined ? inside : `${outside}:${inside}`,
    address: address && textOf(address),
    inside: /^\d{1,5}$/.test(inside) ? Number(inside) : undefined,
  };
  return [{ ...declareStated(item, value), service, toLoopback: () => bindLong(item) }];
}

function bindLong({ file: { document }, node }: Stated) {
  const present: JsonNode | undefined = member(node, 'host_ip')?.value;
  return present
    ? replaceYaml(document, present, '127.0.0.1')
    : addYamlKeys(document, node, [['host_ip', '127.0.0.1']]);
}

function countParts(text: string): number {
  return splitOutsideVariables(text, ':').length;
}
