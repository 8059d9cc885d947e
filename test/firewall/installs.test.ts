import type { ChildProcess } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bare, startBare } from './bare.js';
import { type Lab, startLab } from './lab.js';
import { removeRendered, render } from './project.js';
import { packageName, startRegistries } from './registry.js';

// The real clients, as the unprivileged user, through the firewall.

const ca = '/tmp/ca.pem';
const pip = `python3 -m pip --disable-pip-version-check --no-cache-dir install --quiet --cert ${ca} --break-system-packages`;
const apt = `cd "$(mktemp -d)"; mkdir -p lists/partial cache/archives/partial; : >status
cat >conf <<END
Dir::State "$PWD"; Dir::State::status "$PWD/status"; Dir::Cache "$PWD/cache"; Dir::Etc::sourcelist "$PWD/sources"; Dir::Etc::sourceparts "-";
Acquire::https::CaInfo "${ca}"; Acquire::Retries "0"; Acquire::AllowInsecureRepositories "true"; APT::Sandbox::User "dev";
END
export APT_CONFIG=$PWD/conf`;

// As the container of the stack has it: npm would try for a minute and more otherwise.
const preset = join(import.meta.dirname, '..', '..', 'presets', 'stacks', 'node.json');
const { environment } = JSON.parse(readFileSync(preset, 'utf8')) as { environment: Record<string, string> };
const npmSettings = Object.entries(environment)
  .filter(([name]) => /FUND|UPDATE|FETCH/.test(name))
  .map(([name, value]) => `${name}=${value}`);

const npm = `cd "$(mktemp -d)"; export npm_config_cafile=${ca} npm_config_cache=$PWD/cache npm_config_audit=false ${npmSettings.join(' ')}; npm install --silent`;

const clients = [
  {
    name: 'npm',
    installs: `${npm} --registry https://npm.example ${packageName} && node -p 'require("${packageName}")'`,
    elsewhere: `${npm} --registry https://evil.example ${packageName}`,
  },
  {
    name: 'pip',
    installs: `${pip} --index-url https://pypi.example/simple --target /tmp/py ${packageName} && PYTHONPATH=/tmp/py python3 -c 'import harden_sample; print(harden_sample.said)'`,
    elsewhere: `${pip} --retries 0 --index-url https://evil.example/simple --target /tmp/py2 ${packageName}`,
  },
  {
    name: 'git',
    installs: `cd "$(mktemp -d)" && GIT_SSL_CAINFO=${ca} git clone --quiet https://git.example/${packageName}.git && cat ${packageName}/README`,
    elsewhere: `cd "$(mktemp -d)" && GIT_SSL_CAINFO=${ca} git clone --quiet https://evil.example/${packageName}.git`,
  },
  {
    name: 'apt',
    installs: `${apt}; echo 'deb [trusted=yes] https://deb.example/ ./' >sources; apt-get -qq update && apt-get -qq download ${packageName} && dpkg-deb --field ${packageName}_*.deb Package && echo from apt`,
    elsewhere: `${apt}; echo 'deb [trusted=yes] https://evil.example/ ./' >sources; apt-get -qq -o APT::Update::Error-Mode=any update`,
  },
];

describe('package installs by the real clients', () => {
  let lab: Lab;
  let bare: Bare;
  let registries: ChildProcess;

  beforeAll(async () => {
    lab = await startLab();
    registries = await startRegistries(lab.internet);
    const names = ['npm', 'pypi', 'git', 'deb'].flatMap((name) => ['--allow', `${name}.example`]);
    bare = await startBare(lab, { rendered: render(...names) });
    await bare.ready();
    copyFileSync(join(lab.internet.folder, 'cert.pem'), bare.path(ca));
  });

  afterAll(() => {
    bare?.stop();
    registries?.kill();
    lab?.stop();
    removeRendered();
  });

  it.concurrent.each(clients)('$name installs from a listed registry', async ({ name, installs }) => {
    const { code, stdout, stderr } = await bare.attempt(`umask 022; ${installs}`);
    expect(stderr.replace(/^npm warn.*\n/gm, '')).toBe('');
    expect(stdout).toContain(`from ${name}`);
    expect(code).toBe(0);
  });

  it.concurrent.each(clients)('$name does not hang where a registry is not listed', async ({ elsewhere }) => {
    const { code, stdout } = await bare.attempt(
      `begin=$(date +%s%3N); (${elsewhere}); code=$?; echo "took=$(($(date +%s%3N) - begin))"; exit $code`,
    );
    expect(code).not.toBe(0);
    expect(Number(/took=(\d+)/.exec(stdout)?.[1])).toBeLessThan(30_000);
  });
});
