import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EngineContainer } from '../../../src/project/engine.js';

/** A client of a container engine that knows one file system, whichever container it is asked about. */
export interface FakeEngine {
  /** PATH holds the client and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** The command lines so far. */
  calls(): readonly string[];
  /** Puts a file into the container. */
  put(path: string, text: string): void;
  /** The text of a file in the container. */
  get(path: string): string | undefined;
  /** Lines of shell that run in place of a program in the container. Given: $@, the program and its arguments. */
  onExec(script: string): void;
  /** Lines of shell before every call: to fail, to hang, to talk. */
  before(script: string): void;
}

/** Writes `docker`, or another client, as a shell script. */
export function fakeEngine(
  containers: readonly Partial<EngineContainer>[],
  client: 'docker' | 'podman' = 'docker',
): FakeEngine {
  const folder = mkdtempSync(join(tmpdir(), 'fake-engine-'));
  const at = (path: string) => join(folder, path);
  for (const inner of ['bin', 'root/etc/harden-devcontainer', 'root/var/log'])
    mkdirSync(at(inner), { recursive: true });
  const inspected = containers.map(({ id = 'c1', name = 'box', status = 'running', labels = {} }) => ({
    Id: id,
    Name: `/${name}`,
    State: { Status: status },
    Config: { Labels: labels },
  }));
  writeFileSync(at('inspect.json'), JSON.stringify(inspected));
  writeFileSync(at('ids'), containers.map(({ id = 'c1' }) => `${id}\n`).join(''));
  writeFileSync(at('before'), '');
  writeFileSync(at('exec'), '');
  writeFileSync(
    at(`bin/${client}`),
    `#!/bin/sh
here='${folder}'
PATH=/usr/bin:/bin
printf '%s\\n' "$*" >>"$here/calls"
. "$here/before"
case "$1" in
  ps) cat "$here/ids" ;;
  inspect) cat "$here/inspect.json" ;;
  cp)
    if [ "$2" = - ]; then exec tar -C "$here/root\${3#*:}" -xf -; fi
    path=\${2#*:}
    if [ ! -e "$here/root$path" ]; then
      echo "Error response from daemon: Could not find the file $path in container c1" >&2
      exit 1
    fi
    exec tar -C "$here/root\${path%/*}" -cf - "\${path##*/}" ;;
  exec)
    shift 4
    root="$here/root"
    . "$here/exec" ;;
  *) exit 64 ;;
esac
`,
  );
  chmodSync(at(`bin/${client}`), 0o755);
  return {
    env: { PATH: at('bin') },
    calls: () => (existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trim().split('\n') : []),
    put(path, text) {
      mkdirSync(dirname(at(`root${path}`)), { recursive: true });
      writeFileSync(at(`root${path}`), text);
    },
    get: (path) => (existsSync(at(`root${path}`)) ? readFileSync(at(`root${path}`), 'utf8') : undefined),
    onExec: (script) => writeFileSync(at('exec'), script),
    before: (script) => writeFileSync(at('before'), script),
  };
}
