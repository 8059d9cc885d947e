import { describe, expect, it } from 'vitest';
import { coverSecrets, findSecrets } from '../../src/agents/cover-secrets.js';
import { ignoreFiles, readableBy } from '../../src/agents/secret-coverage.js';
import { memoryProject } from '../../src/index.js';
import { loadPresets } from '../../src/init.js';

const secret = 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc\n';
const agents = ['Claude Code', 'Cursor', 'Gemini CLI', 'Aider', 'Cline'];

function cover(files: Readonly<Record<string, string>>) {
  const project = memoryProject(files);
  return coverSecrets(agents, findSecrets(project), project);
}

describe('coverSecrets', () => {
  it('begins the ignore file of each agent that has one, where there is a secret', () => {
    expect(cover({ '.env': secret, 'package.json': '{}' })).toEqual(
      ['.cursorignore', '.geminiignore', '.aiderignore', '.clineignore'].map((path) => ({
        path,
        text: '/.env\n',
      })),
    );
    expect(cover({ 'package.json': '{}' })).toEqual([]);
  });

  it('keeps every line that is there, with its line ends', () => {
    const changed = cover({ '.env': secret, '.env.local': secret, '.geminiignore': 'dist/\r\n*.log' });
    expect(changed.find(({ path }) => path === '.geminiignore')?.text).toBe(
      'dist/\r\n*.log\r\n/.env\r\n/.env.local\r\n',
    );
  });

  it('leaves a file alone that covers them', () => {
    const files = { '.env': secret, '.geminiignore': '.env*\n', '.aiderignore': '/.env\n' };
    expect(cover(files).map(({ path }) => path)).toEqual(['.cursorignore', '.clineignore']);
  });

  it.each(['.env.[a]', '.env.a b ', '.env.*', '.env.#!\\'])('means the file %j and covers it', (name) => {
    const files = { [name]: secret };
    const [file] = cover(files);
    const project = memoryProject({ ...files, [file?.path ?? '']: file?.text ?? '' });
    expect(readableBy(['.cursorignore'], '', findSecrets(project), project).open).toEqual([]);
  });

  it('knows the agents by the names of the presets', async () => {
    const titles = Object.values((await loadPresets()).agents).map(({ title }) => title);
    for (const name of ['Cursor', 'Gemini CLI', 'Aider', 'Cline']) {
      expect(titles).toContain(name);
      expect(ignoreFiles).toHaveProperty([name]);
    }
  });
});
