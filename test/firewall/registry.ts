import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Internet } from './internet.js';
import { startInside, until } from './namespaces.js';
import { must } from './run.js';
import { addresses } from './sites.mjs';

/** The name that every package of the stand-ins has. */
export const packageName = 'harden-sample';

function hash(algorithm: string, file: string, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(readFileSync(file)).digest(encoding);
}

function put(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

/** https://npm.example/NAME and its tarball. */
function npmPackage(root: string): void {
  const source = join(root, 'source', 'package');
  const manifest = { name: packageName, version: '1.0.0', main: 'index.js' };
  put(join(source, 'package.json'), JSON.stringify(manifest));
  put(join(source, 'index.js'), `module.exports = 'from npm';\n`);
  const site = join(root, 'npm.example');
  mkdirSync(join(site, '-'), { recursive: true });
  const tarball = join(site, '-', `${packageName}-1.0.0.tgz`);
  must('tar', ['-C', join(source, '..'), '-czf', tarball, 'package']);
  const dist = {
    tarball: `https://npm.example/-/${packageName}-1.0.0.tgz`,
    integrity: `sha512-${hash('sha512', tarball, 'base64')}`,
  };
  const versions = { '1.0.0': { ...manifest, dist } };
  put(
    join(site, packageName),
    JSON.stringify({ name: packageName, 'dist-tags': { latest: '1.0.0' }, versions }),
  );
}

/** https://pypi.example/simple/NAME/ and its wheel. */
function pythonPackage(root: string): void {
  const module = packageName.replaceAll('-', '_');
  const site = join(root, 'pypi.example');
  const wheel = `${module}-1.0.0-py3-none-any.whl`;
  mkdirSync(join(site, 'files'), { recursive: true });
  const info = `${module}-1.0.0.dist-info`;
  const files = {
    [`${module}.py`]: "said = 'from pip'\n",
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${packageName}\nVersion: 1.0.0\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: [`${module}.py,,`, `${info}/METADATA,,`, `${info}/WHEEL,,`, `${info}/RECORD,,`].join(
      '\n',
    ),
  };
  const script = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    for name, text in json.loads(sys.argv[2]).items(): archive.writestr(name, text)`;
  must('python3', ['-c', script, join(site, 'files', wheel), JSON.stringify(files)]);
  const sum = hash('sha256', join(site, 'files', wheel), 'hex');
  put(
    join(site, 'simple', packageName, 'index'),
    `<!DOCTYPE html><html><body><a href="/files/${wheel}#sha256=${sum}">${wheel}</a></body></html>`,
  );
}

/** https://git.example/NAME.git, for the protocol that needs no program on the server. */
function gitRepository(root: string): void {
  const work = join(root, 'work');
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  must('git', ['init', '--quiet', '--initial-branch=main', work]);
  writeFileSync(join(work, 'README'), 'from git\n');
  must('git', ['-C', work, 'add', 'README']);
  must('git', ['-C', work, ...author, 'commit', '--quiet', '-m', 'Say so']);
  const bare = join(root, 'git.example', `${packageName}.git`);
  must('git', ['clone', '--quiet', '--bare', work, bare]);
  must('git', ['-C', bare, 'update-server-info']);
}

/** https://deb.example/: a flat repository with one package. */
function debianPackage(root: string): void {
  const tree = join(root, 'deb');
  const control = `Package: ${packageName}\nVersion: 1.0.0\nArchitecture: all\nMaintainer: Test <test@example.com>\nDescription: sample\n`;
  put(join(tree, 'DEBIAN', 'control'), control);
  const site = join(root, 'deb.example');
  mkdirSync(site, { recursive: true });
  const file = join(site, `${packageName}.deb`);
  must('dpkg-deb', ['--build', '--root-owner-group', tree, file]);
  const size = readFileSync(file).length;
  put(
    join(site, 'Packages'),
    `${control}Filename: ./${packageName}.deb\nSize: ${size}\nSHA256: ${hash('sha256', file, 'hex')}\n`,
  );
}

/** Serves all four on the fake internet. */
export async function startRegistries(internet: Internet): Promise<ChildProcess> {
  const root = join(internet.folder, 'registries');
  mkdirSync(root);
  for (const make of [npmPackage, pythonPackage, gitRepository, debianPackage]) make(root);
  const before = internet.started();
  const script = join(import.meta.dirname, 'registry-server.mjs');
  const args = [script, internet.folder, root, ...addresses.registry];
  const server = startInside(internet.namespace, process.execPath, ...args);
  await until(() => internet.started() > before, 'the registries');
  return server;
}
