import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgeIds } from '../src/policy/forges.js';
import { localModelIds } from '../src/policy/models.js';
import { agentIds, stackIds } from '../src/policy/policy.js';
import { joinPresets, type PresetHost } from '../src/policy/presets.js';
import { readAssets } from '../src/project/assets.js';

const page = 'docs/presets.md';
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The page about presets with its tables, each between two marks, made from presets/. */
export function presetDocs(): Record<string, string> {
  const files = Object.entries(readAssets('presets')).map(([path, text]) => [path, JSON.parse(text)]);
  const { stacks, agents, forges, models } = joinPresets(Object.fromEntries(files));
  const tables = {
    stacks: table(
      ['id', 'what', 'image', 'opens'],
      stackIds.map((id) => {
        const { title, image, isBase, hosts } = stacks[id];
        const from =
          image === undefined ? 'Debian packages' : `\`${image}\`${isBase ? '' : ' (parts of it)'}`;
        return [`\`${id}\``, title, from, opens(hosts)];
      }),
    ),
    agents: table(
      ['id', 'what', 'opens'],
      agentIds.map((id) => [`\`${id}\``, agents[id].title, opens(agents[id].hosts)]),
    ),
    forges: table(
      ['id', 'what', 'by itself', '`:api`', '`:ssh`'],
      forgeIds.map((id) => {
        const { title, hosts, api, ssh } = forges[id];
        return [`\`${id}\``, title, opens(hosts), opens(api), opens(ssh)];
      }),
    ),
    models: table(
      ['id', 'what', 'port of the host', 'variables'],
      localModelIds.map((id) => {
        const { title, port, environment } = models[id];
        const variables = Object.keys(environment).map((name) => `\`${name}\``);
        return [`\`${id}\``, title, `${port}`, variables.join(', ')];
      }),
    ),
  };
  let text = readFileSync(join(root, page), 'utf8');
  for (const [name, rows] of Object.entries(tables)) text = insert(text, name, rows);
  return { [page]: text };
}

/** Hosts, with the port where it is not that of HTTPS, and a mark on those that much work does without. */
function opens(hosts: readonly PresetHost[]): string {
  const names = hosts.map(({ host, ports, required }) => {
    const other = ports.filter((port) => port !== 443);
    return `\`${host}${other.length > 0 ? `:${other.join(',')}` : ''}\`${required ? '' : '*'}`;
  });
  return names.join(', ') || 'nothing';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function insert(text: string, name: string, rows: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for the table of ${name}`);
  return `${text.slice(0, from + start.length)}\n\n${rows}\n\n${text.slice(to)}`;
}
