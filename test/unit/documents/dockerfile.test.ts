import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/documents/dockerfile.js';
import { readDockerfile } from '../../../src/documents/dockerfile-reader.js';
import { findTargetStage, lastInstruction, stageChain } from '../../../src/documents/dockerfile-stages.js';

async function read(text: string, target?: string, args: Record<string, string> = {}) {
  const document = await parseDockerfile({ path: 'Dockerfile', text }, args);
  const stage = findTargetStage(document, target);
  const chain = stage ? stageChain(document, stage) : [];
  const user = lastInstruction(chain, 'USER')?.words[0];
  return {
    base: chain.at(-1)?.base.text,
    user: user?.text,
    marked: user && text.slice(user.at.start, user.at.end),
  };
}

describe('Dockerfiles', () => {
  test.each([
    ['FROM debian:13', undefined, 'debian:13', undefined, undefined],
    ['FROM debian:13\nUSER dev', undefined, 'debian:13', 'dev', 'dev'],
    ['\uFEFFfrom debian:13\r\nuser dev\r\nuser root\r\n', undefined, 'debian:13', 'root', 'root'],
    ['ARG V=24\nFROM node:${V}-slim\nUSER node', undefined, 'node:24-slim', 'node', 'node'],
    ['FROM debian\nARG USERNAME=dev\nUSER ${USERNAME}', undefined, 'debian', 'dev', '${USERNAME}'],
    ['FROM debian\nENV U="dev"\nUSER $U', undefined, 'debian', 'dev', '$U'],
    ['FROM debian\nUSER ${NONE:-dev}', undefined, 'debian', 'dev', '${NONE:-dev}'],
    ['FROM debian\nUSER $NONE', undefined, 'debian', '$NONE', '$NONE'],
    ['FROM debian AS Base\nUSER dev\nFROM base\nRUN id', undefined, 'debian', 'dev', 'dev'],
    ['FROM debian AS a\nUSER one\nFROM alpine AS b\nUSER two', 'a', 'debian', 'one', 'one'],
    ['FROM debian AS a\nUSER one\nFROM alpine AS b\nUSER two', '0', 'debian', 'one', 'one'],
    ['FROM debian AS a\nUSER one\nFROM alpine AS b', undefined, 'alpine', undefined, undefined],
    ['# escape=`\nFROM debian\nRUN a `\n  && b\nUSER dev', undefined, 'debian', 'dev', 'dev'],
    ['FROM debian\nRUN <<EOF\nUSER root\nEOF\nUSER dev', undefined, 'debian', 'dev', 'dev'],
    ['FROM debian\n# USER root\nUSER dev', undefined, 'debian', 'dev', 'dev'],
    ['RUN nothing', undefined, undefined, undefined, undefined],
  ])('reads %j', async (text, target, base, user, marked) => {
    expect(await read(text, target)).toEqual({ base, user, marked });
  });

  test('takes build arguments in place of the defaults', async () => {
    const text = 'ARG V=1\nFROM node:$V\nARG U=dev\nUSER $U';
    expect(await read(text, undefined, { V: '24', U: 'root' })).toMatchObject({
      base: 'node:24',
      user: 'root',
    });
  });

  test.each([10, 1000])(
    'reads the same text in another file, and with other arguments, as what it is',
    async (lines) => {
      const text = `ARG V=1\nFROM node:$V\n${'RUN id\n'.repeat(lines)}USER dev\n`;
      const parse = (path: string, args?: Record<string, string>) => parseDockerfile({ path, text }, args);
      const [first, second, other] = [await parse('a'), await parse('b'), await parse('a', { V: '2' })];
      expect([first.file.path, second.file.path]).toEqual(['a', 'b']);
      expect(second.stages).toEqual(first.stages);
      expect([first, second, other].map(({ stages }) => stages[0]?.base.text)).toEqual([
        'node:1',
        'node:1',
        'node:2',
      ]);
      const inverse = parseDockerfile({ path: 'c', text: `{"V":"2"}\n${text}` });
      expect((await inverse).stages[0]?.base.text).toBe('node:1');
    },
  );

  test('does not follow a stage that names itself', async () => {
    expect(await read('FROM debian AS debian\nUSER dev')).toMatchObject({ base: 'debian', user: 'dev' });
  });

  test('variables that grow without end do not hide what follows', async () => {
    const text = `FROM debian\nARG A=xyz\n${'ARG A=$A$A$A\n'.repeat(60)}USER root`;
    expect(await read(text)).toMatchObject({ base: 'debian', user: 'root' });
  });

  test('never throws, and every place lies inside the file', async () => {
    const line = fc.constantFrom(
      'FROM a',
      'FROM',
      'USER',
      'USER x',
      'ARG',
      'ARG A=${A}',
      'ENV A',
      'COPY',
      'RUN <<E',
      'E',
      '\\',
      '# escape=`',
      '["',
      '${',
      '\0',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(line).map((lines) => lines.join('\n')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const { stages } = await parseDockerfile({ path: 'Dockerfile', text: content });
        for (const { at } of stages.flatMap(({ base, instructions }) => [base, ...instructions])) {
          expect(0 <= at.start && at.start <= at.end && at.end <= content.length).toBe(true);
        }
      }),
    );
  });

  test('a mistake of ours is not taken for a file that cannot be read', async () => {
    const args = null as unknown as Record<string, string>;
    for (const text of ['ARG A\nFROM a', '# escape=`\nARG A\nFROM a'])
      await expect(readDockerfile(text, args)).rejects.toThrow(TypeError);
  });
});
