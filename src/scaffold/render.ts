import type { Options, Overlay } from '../policy/options.js';
import type { Emission, Templates } from './emission.js';
import { compileTemplates, type Fillers } from './fillers.js';
import { partials } from './template-helpers.js';

const hasServers = ({ servers }: Options) => servers.length > 0;
const masks =
  (wanted: Overlay['kind']) =>
  ({ overlays }: Options) =>
    overlays.some(({ kind }) => kind === wanted);

/** Templates that only some containers need. */
const wantedWhere: Readonly<Record<string, (options: Options) => boolean>> = {
  '.devcontainer/compose.yaml.hbs': ({ sidecar }) => sidecar,
  '.devcontainer/.dockerignore': hasServers,
  '.devcontainer/mcp-connect.sh': hasServers,
  '.devcontainer/mcp/host/.gitignore.hbs': hasServers,
  '.devcontainer/packages/npmrc.hbs': ({ gate }) => gate.npm,
  '.devcontainer/packages/yarnrc.yml.hbs': ({ gate }) => gate.npm,
  '.devcontainer/packages/bunfig.toml.hbs': ({ gate }) => gate.npm,
  '.devcontainer/packages/pip.conf.hbs': ({ gate }) => gate.pip,
  '.devcontainer/packages/uv.toml.hbs': ({ gate }) => gate.pip,
  '.devcontainer/masks/file': masks('empty-file'),
  '.devcontainer/masks/folder/.gitkeep': masks('empty-folder'),
};

/**
 * Renders the files of a dev container.
 *
 * A template whose name ends in `.hbs` is filled, any other is taken as it is; the path below `templates/` is the path in
 * the project. What lies below `templates/partials/` is included by others. Throws where a template prints a value without a quoting helper, names a value that the options lack, or
 * a helper refuses a value: all three are bugs of ours.
 */
export function render(options: Options, templates: Templates): readonly Emission[] {
  const fillers = known.get(templates) ?? compileTemplates(templates);
  known.set(templates, fillers);
  return Object.entries(templates)
    .filter(([path]) => !path.startsWith(partials) && (wantedWhere[path]?.(options) ?? true))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, source]) => ({
      path: path.replace(/\.hbs$/, ''),
      text: fillers.get(path)?.(options) ?? source,
      executable: path.endsWith('.sh'),
    }));
}

/** Compiling takes longer than filling. */
const known = new WeakMap<Templates, Fillers>();
