import { expect, test } from 'vitest';
import { lintFiles, memoryProject } from '../../src/index.js';

const path = '.devcontainer/devcontainer.json';

test.each([
  'git.path',
  'eslint.runtime',
  'go.goroot',
  'rust-analyzer.cargo.sysroot',
  'black.executable',
  'shellcheck.executablePath',
])('%s is a program of the editor in either file, whatever stands beside it', async (name) => {
  const settings = `{ "${name}": "./tools/program" }`;
  const messagesOf = async (files: Record<string, string>) => {
    const { findings } = await lintFiles([path], memoryProject(files), { persona: 'pedantic' });
    return findings.flatMap(({ ruleId, message }) =>
      ruleId === 'no-editor-host-execution' ? [message] : [],
    );
  };
  const inContainer = `{ "image": "x:1", "customizations": { "vscode": { "settings": ${settings} } } }`;
  const inFolder = { [path]: '{ "image": "x:1" }', '.vscode/settings.json': settings };
  const expected = [`${name} makes the editor start ./tools/program, which lies in the repository`];
  expect(await messagesOf({ [path]: inContainer })).toEqual(expected);
  expect(await messagesOf(inFolder)).toEqual(expected);
});
