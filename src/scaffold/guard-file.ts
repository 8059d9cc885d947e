import { guardedCommands, guardedTools } from '../policy/approval-commands.js';
import { guardedFiles, openFiles } from '../policy/file-patterns.js';
import { installCommands, registries } from '../policy/install-commands.js';
import type { Options } from '../policy/options.js';
import { codePrograms, riskyVerbs, wrapperPrograms } from '../policy/shell-programs.js';

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
    commands: guardedCommands,
    tools: guardedTools,
    wrappers: wrapperPrograms,
    code: codePrograms,
    verbs: riskyVerbs,
    secrets: guardedFiles,
    open: openFiles,
    installs: installCommands,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
