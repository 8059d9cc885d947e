import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/policy/parse.js';
import { joinPresets } from '../../../src/policy/presets.js';
import { readAssets } from '../../../src/project/assets.js';
import { planEmissions } from '../../../src/scaffold/plan.js';

const presets = joinPresets(
  Object.fromEntries(Object.entries(readAssets('presets')).map(([path, text]) => [path, JSON.parse(text)])),
);

function emit(policy: object) {
  const file = { path: 'p', text: JSON.stringify({ version: 1, name: 'x', ...policy }) };
  expect(parsePolicy(file).name).toBe('x');
  const { emissions, options } = planEmissions({ policy: file }, presets, readAssets('templates'));
  const lines = (name: string) =>
    emissions
      .find(({ path }) => path === `.devcontainer/packages/${name}`)
      ?.text.split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
  return { lines, options, emissions };
}

describe('the package gate', () => {
  it('tells each package manager the age in its own unit, and to run no install scripts', () => {
    const { lines, options } = emit({ stacks: ['node', 'python', 'ruby'] });
    expect(lines('npmrc')).toEqual(['min-release-age=3', 'ignore-scripts=true']);
    expect(lines('yarnrc.yml')).toEqual(['npmMinimalAgeGate: 4320', 'enableScripts: false']);
    expect(lines('bunfig.toml')).toEqual(['[install]', 'minimumReleaseAge = 259200']);
    expect(lines('pip.conf')).toEqual(['[global]', 'uploaded-prior-to = P3D', 'only-binary = :all:']);
    expect(lines('uv.toml')).toEqual(['exclude-newer = "3 days"']);
    expect(options.environment).toMatchObject({
      BUNDLE_COOLDOWN: '3',
      NPM_CONFIG_GLOBALCONFIG: '/etc/npmrc',
      NPM_CONFIG_IGNORE_SCRIPTS: 'true',
      NPM_CONFIG_MIN_RELEASE_AGE: '3',
      PNPM_CONFIG_IGNORE_SCRIPTS: 'true',
      PNPM_CONFIG_MINIMUM_RELEASE_AGE: '4320',
      YARN_ENABLE_SCRIPTS: 'false',
    });
    // Yarn before 4.10 refuses to work with a variable that it does not know.
    expect(Object.keys(options.environment)).not.toContain('YARN_NPM_MINIMAL_AGE_GATE');
  });

  it('says nothing where the policy takes every age and every script', () => {
    const packages = { minimumAgeDays: 0, installScripts: true };
    const { lines, options } = emit({ stacks: ['node', 'python', 'ruby'], guards: { packages } });
    expect(lines('npmrc')).toEqual([]);
    expect(lines('pip.conf')).toEqual(['[global]']);
    expect(Object.keys(options.environment).filter((name) => /AGE|COOLDOWN|SCRIPTS/.test(name))).toEqual([]);
  });

  it('writes no file for a package manager that is not there', () => {
    const { emissions } = emit({ stacks: ['go'] });
    expect(emissions.filter(({ path }) => path.includes('/packages/'))).toEqual([]);
  });
});
