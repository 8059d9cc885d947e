import { type CopiedSecret, readContextCopies } from '../../container/copied-secrets.js';
import type { Fix, Rule } from '../../core/rule.js';
import type { SourceFile } from '../../core/text.js';

export const noSecretCopy: Rule<'image'> = {
  id: 'no-secret-copy',
  on: 'image',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Copy no file with a secret into an image',
  why: 'What an image holds, everybody who may pull or start it reads, and every process in the container. A later rm hides the file and leaves it in the layer below.',
  references: [
    'https://docs.docker.com/build/building/secrets/',
    'https://docs.docker.com/build/concepts/context/#dockerignore-files',
    'https://cwe.mitre.org/data/definitions/538.html',
    'https://attack.mitre.org/techniques/T1552/001/',
  ],
  examples: [
    {
      bad: {
        Dockerfile:
          'FROM node:24 AS build\nCOPY «.npmrc» ./\nFROM node:24\nCOPY «id_ed25519» /root/.ssh/\nCOPY package.json ./\n',
        '.npmrc': '//registry.npmjs.org/:_authToken=npm_Q2mT7rLx4VbN8sHd3JfYp6GcAe1uRi5oZk9w\n',
        'package.json': '{}',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile", "context": ".." } }\n',
        '.devcontainer/Dockerfile': 'FROM node:24\nCOPY «.» /app\n',
        '.dockerignore': 'node_modules\n.env*\n!.env.local\n',
        '.env': 'STRIPE_SECRET_KEY=Zk9wQ2mT7rLx4VbN8sHd\n',
        '.env.local': 'STRIPE_SECRET_KEY=Zk9wQ2mT7rLx4VbN8sHd\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile", "context": ".." } }\n',
        '.devcontainer/Dockerfile': 'FROM node:24\nCOPY . /app\n',
        '.dockerignore': 'node_modules\n.env*\n!.env.local\n.env.local\n',
        '.env': 'STRIPE_SECRET_KEY=Zk9wQ2mT7rLx4VbN8sHd\n',
        '.env.local': 'STRIPE_SECRET_KEY=Zk9wQ2mT7rLx4VbN8sHd\n',
      },
    },
    { bad: { Dockerfile: 'FROM node:24\nCOPY «./» /app\n' }, persona: 'pedantic' },
  ],
  good: [
    {
      Dockerfile:
        'FROM node:24\nCOPY . /app\nCOPY .env.example certs/ca.pem extra-ca.pem /app/\nCOPY --from=a .env /app/\n',
      '.dockerignore': '**/.env\n*.pem\n!certs/*.pem\n',
      '.env': 'STRIPE_SECRET_KEY=Zk9wQ2mT7rLx4VbN8sHd\n',
      'certs/ca.pem': '-----BEGIN CERTIFICATE-----\nMIIB\n',
    },
    {
      Dockerfile: 'FROM node:24\nCOPY . /app\nCOPY .npmrc /app/\n',
      'Dockerfile.dockerignore': '*\n!src\n!.npmrc\n',
      '.npmrc': 'registry=https://registry.npmjs.org\n',
      '.env': 'STRIPE_SECRET_KEY=Zk9wQ2mT7rLx4VbN8sHd\n',
    },
  ],
  mayShow: ({ instructions }) => instructions.length > 0,
  *check(container, project) {
    const { secrets, wide, ignore } = readContextCopies(container, project);
    for (const copy of secrets) {
      const { place, paths, what, named, kept } = copy;
      const shown = paths.length > 1 ? `${paths[0]} and ${paths.length - 1} more` : paths[0];
      const where = kept ? 'into the image' : 'into a stage that stays in the cache of the builder';
      yield {
        place,
        message: named
          ? `copies ${shown} ${where}: ${what}; mount it with RUN --mount=type=secret where it is needed`
          : `copies ${shown} along ${where}: ${what}; name what is needed, or list it in .dockerignore`,
        ...(kept ? {} : { severity: 'info' as const }),
        ...(named ? {} : { severity: kept ? ('warning' as const) : ('info' as const), confidence: 'medium' }),
        fixes: () => (named ? [] : listIgnored(copy, ignore(), container.context ?? '')),
      };
    }
    const [first] = wide;
    if (first && secrets.length === 0 && !ignore())
      yield {
        place: first.place,
        message: 'copies all that lies in the context, and no .dockerignore keeps anything out',
        severity: 'info',
        persona: 'pedantic',
      };
  },
};

/** Lines at the end count last, so they hold against every `!` before them. */
function listIgnored(
  { paths }: CopiedSecret,
  ignore: SourceFile | undefined,
  context: string,
): readonly Fix[] {
  if (!ignore) return [];
  const lines = paths.map((path) => (context === '' ? path : path.slice(context.length + 1)));
  // A name with a sign of the patterns would mean other files.
  if (lines.some((line) => /[*?[\]\\!#]|^\s|\s$/.test(line))) return [];
  const { text, path } = ignore;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const added = lines.join(lineEnd);
  const at = { start: text.length, end: text.length };
  return [
    {
      title: `list ${lines.length === 1 ? lines[0] : `${lines.length} files`} in ${path}`,
      safety: 'safe',
      consequence: 'the image no longer holds the secret; one that was pushed is known: replace it',
      // A last line without an end stays one.
      edits: [{ file: path, at, text: /(?:^|\n)$/.test(text) ? added + lineEnd : lineEnd + added }],
    },
  ];
}
