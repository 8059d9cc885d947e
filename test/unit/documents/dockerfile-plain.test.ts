import { describe, expect, test } from 'vitest';
import { readFullDockerfile } from '../../../src/documents/dockerfile-full.js';
import { readPlainDockerfile } from '../../../src/documents/dockerfile-plain.js';

describe('Dockerfiles that need no parser', () => {
  test.each([
    'FROM debian:13',
    '# syntax=docker/dockerfile:1\nARG VARIANT=24\nFROM --platform=$BUILDPLATFORM node:${VARIANT} AS base\n',
    'FROM a\nRUN apt-get update \\\n    # what the tests need\n\n    && apt-get install -y "lib" \\\n\t&& echo \\"x\\" \\$Y',
    'FROM a\nENV A="b c" D=e \\\n  F=${G:-h}\nENV PATH $PATH:/opt/my bin\nARG NODE_VERSION="none"\nARG X',
    'FROM a\nCOPY --from=b --chown=x:y c d/\nHEALTHCHECK --interval=5s CMD curl -f --silent http://localhost\n',
    'FROM a\nCMD ["node", "a b.js"]\nENTRYPOINT [ "x" ]\nRUN [ -f x ] && y\nVOLUME x\nUSER\n',
  ])('are read as the parser reads them: %j', (text) => {
    const plain = readPlainDockerfile(text);
    expect(plain).toBeDefined();
    expect(plain).toEqual(readFullDockerfile(text));
  });

  test.each([
    '# escape=`\nFROM a',
    'FROM a\r\nRUN b',
    'FROM a\nRUN <<EOF\nEOF',
    'FROM a\nRUN b;\\\nc',
    'FROM a\nENV A="b"c',
    'FROM a\nCOPY a--b --from=c d',
    'FROM a\nCMD ["a\\n"]',
    'FROM a\nFOO b',
  ])('are not all there are: %j', (text) => {
    expect(readPlainDockerfile(text)).toBeUndefined();
  });

  test('takes time in proportion to the text', () => {
    const hostile = [
      ' ',
      '\t',
      '\\"',
      '# ',
      'A=" ',
      '[ ',
      ' \\\n',
      '"a", ',
      '--x ',
      '${',
      ' \\\n# c\n',
      '\n',
    ];
    for (const sign of hostile)
      for (const keyword of ['ENV A ', 'RUN [', 'COPY ', 'RUN ']) {
        const start = performance.now();
        readPlainDockerfile(`FROM a\n${keyword}${sign.repeat(20_000)}x`);
        expect(performance.now() - start).toBeLessThan(1000);
      }
  });
});
