import { guardLists } from '../policy/guard-lists.js';
import type { Options } from '../policy/options.js';

/** Beside the guard; copied to /etc/harden-devcontainer, where root owns it. */
export const guardFilePath = '.devcontainer/guard/guard.json';

/** What the guard in the container decides by: the policy's section, and the lists of commands. JSON. */
export function renderGuardFile({ guards }: Options): string {
  const { bypass, protectedBranches, approve, arguments: form, packages } = guards;
  const { minimumAgeDays, minimumDownloads } = packages;
  const content = {
    about: 'Written by harden-devcontainer from harden-devcontainer.jsonc; see docs/guards.md.',
    bypass,
    protectedBranches,
    approve,
    arguments: form,
    minimumAgeDays,
    minimumDownloads,
    registries,
    ...guardLists,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Where the package check asks. */
const registries = {
  npm: 'https://registry.npmjs.org',
  downloads: 'https://api.npmjs.org',
  pypi: 'https://pypi.org',
  crates: 'https://index.crates.io',
  gems: 'https://rubygems.org',
  go: 'https://proxy.golang.org',
  packagist: 'https://repo.packagist.org',
};
