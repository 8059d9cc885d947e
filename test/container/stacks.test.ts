import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevContainer, devContainer, missingEngine } from './engine.js';
import { newProject, removeProjects } from './project.js';

afterAll(removeProjects);

/** Mixes of stacks, with what each of their tools answers as the remote user in a login shell. */
const mixes: readonly (readonly [string, readonly (readonly [string, RegExp])[]])[] = [
  [
    'node,python,go',
    [
      ['node --version', /^v\d+/],
      ['npm --version', /^\d+\./],
      ['npm config get min-release-age', /^3$/],
      ['npm config get ignore-scripts', /^true$/],
      ['npm config get globalconfig', /^\/etc\/npmrc$/],
      ['python3 -c "import ssl, sqlite3; print(ssl.OPENSSL_VERSION)"', /^OpenSSL/],
      ['go version', /^go version go1/],
      ['go env GOPROXY GOVCS GOBIN', /^https:\/\/proxy\.golang\.org\n\*:off\n\/home\/dev\/\.local\/bin$/],
      ['cd /tmp && printf "package main\\nfunc main() { println(7) }\\n" >x.go && go run x.go 2>&1', /^7$/],
    ],
  ],
  [
    'java,rust',
    [
      ['java -version 2>&1', /openjdk/],
      ['mvn --version', /Apache Maven/],
      ['keytool -list -cacerts -storepass changeit 2>/dev/null | grep -c extra-', /^[1-9]/],
      ['rustc --version', /^rustc \d/],
      ['cargo --version', /^cargo \d/],
      ['cd /tmp && echo "fn main() { println!(\\"{}\\", 6 * 7) }" >x.rs && rustc x.rs && ./x', /^42$/],
    ],
  ],
  [
    'php,elixir,cpp',
    [
      ['php --version', /^PHP \d/],
      ['composer --version', /^Composer/],
      ['elixir --eval "IO.puts(:ok)"', /^ok$/],
      [
        'echo "int main() { return 0; }" >/tmp/x.cc && c++ -o /tmp/x /tmp/x.cc && /tmp/x && cmake --version',
        /^cmake/,
      ],
    ],
  ],
];

describe.skipIf(missingEngine() !== undefined).each(mixes)('the stacks %s', (stacks, tools) => {
  let container: DevContainer;
  beforeAll(() => {
    container = devContainer(newProject('--stack', stacks, '--agent', 'none'));
  });

  it.each(tools)('answer to %s', async (command, expected) => {
    const { code, stdout, stderr } = await container.exec(
      `cd /tmp && bash -lc ${JSON.stringify(command).replaceAll('$', '\\$')}`,
    );
    expect([code, stdout.trim(), stderr]).toEqual([0, expect.stringMatching(expected), expect.anything()]);
  });

  it('leave no folder of a tool open to the agent', async () => {
    const find = 'find /usr /opt /etc -xdev ! -type l \\( -perm -o+w -o -user dev \\) -print -quit';
    expect((await container.asRoot(find)).stdout.trim()).toBe('');
  });

  it('have caches that the user can write', async () => {
    const { stdout } = await container.attempt('find /home/dev -maxdepth 1 -type d ! -user dev');
    expect(stdout.trim()).toBe('');
  });
});
