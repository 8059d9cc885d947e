import { describe, expect, test } from 'vitest';
import { injectedCode } from '../../../src/container/injected-code.js';
import { applyEdits } from '../../../src/core/edit.js';
import { parseJson } from '../../../src/documents/json.js';
import { parseSettings } from '../../../src/documents/settings.js';
import type { SourceText } from '../../../src/documents/source-text.js';
import { variablesIn } from '../../../src/documents/source-variables.js';
import { parseYaml } from '../../../src/documents/yaml.js';

async function sourceOf(path: string, text: string): Promise<SourceText> {
  const file = { path, text };
  if (path.endsWith('.json')) return { file, document: parseJson(file) };
  if (path.endsWith('.yml')) return { file, document: await parseYaml(file) };
  return { file, document: path.endsWith('.toml') ? await parseSettings(file) : undefined };
}

describe('the variables of a file', () => {
  // The text without the variable; nothing where it cannot be taken out by itself.
  test.each<[path: string, text: string, without: string | undefined]>([
    ['a.json', '{ "containerEnv": { "X": "1", "Y": "2" } }', '{ "containerEnv": { "Y": "2" } }'],
    ['a.json', '{ "runArgs": ["--init", "-e", "X=1"] }', '{ "runArgs": ["--init"] }'],
    ['a.json', '{ "runArgs": ["--init", "--env=X=1"] }', '{ "runArgs": ["--init"] }'],
    ['a.json', '{ "postCreateCommand": "export X=1 && npm ci" }', undefined],
    [
      'a.yml',
      'services:\n  a:\n    environment:\n      X: 1\n      Y: 2\n',
      'services:\n  a:\n    environment:\n      Y: 2\n',
    ],
    [
      'a.yml',
      'services:\n  a:\n    environment:\n      - X=1\n      - Y=2\n',
      'services:\n  a:\n    environment:\n      - Y=2\n',
    ],
    ['a.toml', '[env]\nX = "1"\nY = "2"\n', '[env]\nY = "2"\n'],
    ['Dockerfile', 'FROM a\nENV X=1\nENV Y=2\n', 'FROM a\nENV Y=2\n'],
    ['Dockerfile', 'FROM a\nENV X 1', 'FROM a'],
    ['Dockerfile', 'FROM a\r\nENV X="1"\r\nUSER b\r\n', 'FROM a\r\nUSER b\r\n'],
    ['Dockerfile', 'FROM a\nENV Y=2 \\\n    X=1\n', undefined],
    ['Dockerfile', 'FROM a\nRUN X=1 make\n', undefined],
    ['a.sh', '#!/bin/sh\nexport X=1\nmake\n', '#!/bin/sh\nmake\n'],
    ['a.sh', '#!/bin/sh\nX="1" make\n', undefined],
  ])('%s %j', async (path, text, without) => {
    const [variable, ...others] = variablesIn(await sourceOf(path, text), ['X']);
    expect(others).toEqual([]);
    expect(variable).toMatchObject({ name: 'X', value: '1' });
    const edits = variable?.remove() ?? [];
    expect(edits.length > 0 ? applyEdits(text, edits) : undefined).toBe(without);
  });

  test.each([
    ['a.json', '{ "deny": ["Bash(X=1 *)"], "XX": "1", "a": "MY_X=1 $X" }'],
    ['a.json', '{ "containerEnv": { "X": null } }'],
    ['Dockerfile', 'FROM a\n# ENV X=1\nARG X=1\nRUN echo X is 1\n'],
    ['a.sh', '# export X=1\necho "$X" ${X:-1} --X=1\n'],
    ['README.md', 'set Y=1\n'],
  ])('are none in %s %j', async (path, text) => {
    expect(variablesIn(await sourceOf(path, text), ['X'])).toEqual([]);
  });

  test('on one long line are taken out of it', async () => {
    const text = `FROM a\nENV ${'X=1 '.repeat(60_000)}\n`;
    const found = variablesIn(await sourceOf('Dockerfile', text), ['X']);
    expect(found.length).toBe(60_000);
    expect(found.flatMap((variable) => variable.remove())).toEqual([]);
  });
});

describe('what a variable loads', () => {
  test.each([
    ['LD_PRELOAD', '/workspaces/app/x.so', 'workspace'],
    ['LD_PRELOAD', './x.so', 'workspace'],
    ['LD_PRELOAD', 'lib/x.so', 'workspace'],
    ['LD_PRELOAD', '/tmp/x.so', 'temporary'],
    ['LD_PRELOAD', '/usr/lib/libjemalloc.so.2', 'other'],
    ['LD_PRELOAD', 'libjemalloc.so.2', undefined],
    ['NODE_OPTIONS', '-r ./x.js', 'workspace'],
    ['NODE_OPTIONS', '--import=${containerWorkspaceFolder}/x.mjs', 'workspace'],
    ['NODE_OPTIONS', '--import tsx', 'package'],
    ['NODE_OPTIONS', '--max-old-space-size=4096 --report-on-fatalerror', undefined],
    ['BASH_ENV', '${containerWorkspaceFolder}/.env.sh', 'workspace'],
    ['BASH_ENV', '/etc/bash.bashrc', 'other'],
    ['ENV', 'production', undefined],
    ['PROMPT_COMMAND', 'history -a; ./hook.sh', 'workspace'],
    ['PROMPT_COMMAND', 'history -a', undefined],
    ['JAVA_TOOL_OPTIONS', '-javaagent:./agent.jar=x -Xmx1g', 'workspace'],
    ['JAVA_TOOL_OPTIONS', '-Xmx1g', undefined],
    ['RUBYOPT', '-r./x', 'workspace'],
    ['GIT_SSH_COMMAND', 'ssh -i ~/.ssh/id', undefined],
    ['GIT_SSH_COMMAND', './ssh.sh', 'workspace'],
    ['PATH', '${containerWorkspaceFolder}/bin:${containerEnv:PATH}', 'workspace'],
    ['PATH', '${containerWorkspaceFolder}/node_modules/.bin:${containerEnv:PATH}', 'package'],
    ['PATH', '/home/dev/.local/bin:$PATH', undefined],
    ['PATH', '$PATH:./bin', 'other'],
  ])('%s=%s: %s', (name, value, origin) => {
    expect(injectedCode(name, value)[0]?.origin).toBe(origin);
  });
});
