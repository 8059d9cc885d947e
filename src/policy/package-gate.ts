import type { PackageGate } from './options.js';
import type { Policy } from './policy.js';

const minutesOfDay = 24 * 60;

/** What package managers are told, in the unit of each: npm takes days, pnpm and Yarn minutes, Bun seconds. */
export function packageGate({ guards, stacks }: Policy): PackageGate {
  const { minimumAgeDays: days, installScripts } = guards.packages;
  return {
    npm: stacks.includes('node'),
    pip: stacks.includes('python'),
    days,
    minutes: days * minutesOfDay,
    seconds: days * minutesOfDay * 60,
    installScripts,
  };
}

/**
 * Variables that come before a project's own files. Each was tried: npm, and for scripts pnpm up to 10, by the first two; pnpm
 * from 11 by its own. Yarn before 4.10 refuses to work with a variable that it does not know, so its age is in a file.
 */
export function gateEnvironment(policy: Policy): Readonly<Record<string, string>> {
  const { npm, days, minutes, installScripts } = packageGate(policy);
  const npmAge = { NPM_CONFIG_MIN_RELEASE_AGE: `${days}`, PNPM_CONFIG_MINIMUM_RELEASE_AGE: `${minutes}` };
  const npmScripts = {
    NPM_CONFIG_IGNORE_SCRIPTS: 'true',
    PNPM_CONFIG_IGNORE_SCRIPTS: 'true',
    YARN_ENABLE_SCRIPTS: 'false',
  };
  return {
    // Without it npm looks below NPM_CONFIG_PREFIX, which is the user's.
    ...(npm && { NPM_CONFIG_GLOBALCONFIG: '/etc/npmrc' }),
    ...(npm && days > 0 && npmAge),
    ...(npm && !installScripts && npmScripts),
    ...(policy.stacks.includes('ruby') && days > 0 && { BUNDLE_COOLDOWN: `${days}` }),
  };
}
