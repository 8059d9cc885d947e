import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { listRules } from '../../src/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'examples/README.md'],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
];

/** The places that a page links to, below the root; headings within a page behind `#`. */
function linksOf(page: string): { readonly path: string; readonly heading: string | undefined }[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(([, path = '', heading]) => ({
    path: path === '' ? page : join(dirname(page), path),
    heading,
  }));
}

/** As GitHub names the headings of a page. */
function headingsOf(path: string): string[] {
  return [...readFileSync(join(root, path), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

test('every link of the documentation leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter(
        ({ path, heading }) =>
          !existsSync(join(root, path)) || (heading !== undefined && !headingsOf(path).includes(heading)),
      )
      .map(({ path, heading }) => `${page}: ${path}#${heading ?? ''}`),
  );
  expect(broken).toEqual([]);
});

test('every rule has a page, and a row in the README', async () => {
  const ids = (await listRules()).map(({ id }) => id);
  const linked = linksOf('README.md').map(({ path }) => path);
  expect(ids.filter((id) => !linked.includes(`docs/rules/${id}.md`))).toEqual([]);
  const own = readdirSync(join(root, 'docs/rules')).filter((name) => name !== 'README.md');
  expect(own.sort()).toEqual(ids.map((id) => `${id}.md`).sort());
});
