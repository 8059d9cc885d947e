import { offerFix } from '../../container/fixes.js';
import { joinFolder } from '../../container/paths.js';
import { listRepositorySecrets, type RepositorySecret } from '../../container/repository-secrets.js';
import { Attached } from '../../core/attached.js';
import type { Fix, Project, Report, Rule, TrackedFiles } from '../../core/rule.js';
import { decidingRule, parseGitignore } from '../../documents/gitignore.js';
import { projectRootOf } from '../../documents/kinds.js';

export const noTrackedPrivateFile: Rule<'container'> = {
  id: 'no-tracked-private-file',
  on: 'container',
  severity: 'error',
  confidence: 'medium',
  persona: 'default',
  summary: 'Keep keys, tokens and personal settings out of the repository',
  why: "What Git tracks is copied to everybody who clones, stays in the history when it is deleted, and lies in the workspace of every container. A personal settings file gives its author's permissions to all others.",
  references: [
    'https://git-scm.com/docs/gitignore',
    'https://cwe.mitre.org/data/definitions/540.html',
    'https://attack.mitre.org/techniques/T1552/001/',
  ],
  examples: [
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "image": "node:24", "remoteUser": "node" }\n',
        '.git/index': '.env\ndeploy/id_ed25519\nREADME.md\n',
        '.env': '«»SERVICE_TOKEN=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc\n',
        'deploy/id_ed25519': '«»-----BEGIN OPENSSH PRIVATE KEY-----\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "image": "node:24", "remoteUser": "node" }\n',
        '.git/index': '.claude/settings.local.json\n',
        '.claude/settings.local.json': '«»{ "permissions": { "allow": ["Bash(ls *)"] } }\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "image": "node:24", "remoteUser": "node" }\n',
        '.git/index': 'README.md\n',
        '.gitignore': 'node_modules/\n',
        '.env': '«»API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "image": "node:24", "remoteUser": "node" }\n',
        '.git/index': 'README.md\n',
        '.gitignore': 'node_modules/\n/.env\n',
        '.env': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc\n',
      },
    },
  ],
  good: [
    {
      '.devcontainer/devcontainer.json': '{ "image": "node:24", "remoteUser": "node" }',
      '.git/index': '.env.example\ncerts/ca.pem\nsecrets.yaml\n.env.test\n',
      '.gitignore': '.env\n',
      '.env': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc',
      '.env.example': 'API_KEY=',
      'certs/ca.pem': '-----BEGIN CERTIFICATE-----',
      'secrets.yaml': 'password: ENC[AES256_GCM,data:x]\nsops:\n  kms: []\n',
      '.env.test': 'DB_PASSWORD=postgres\nAPI_KEY=changeme',
    },
    {
      '.devcontainer/devcontainer.json': '{ "image": "node:24", "remoteUser": "node" }',
      '.env': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc',
    },
  ],
  *check(container, project) {
    const root = projectRootOf(container.file.path);
    // Without Git's own list nobody knows what the repository is.
    const tracked = project.tracked(root);
    if (!tracked) return;
    for (const secret of listRepositorySecrets(root, project)) {
      const report = secret.tracked ? judgeTracked(secret) : judgeOpen(secret, tracked.root, project);
      if (report) yield report;
    }
    for (const path of listPersonal(tracked)) {
      const full = joinFolder(tracked.root, path) ?? path;
      if (!(root === '' || full.startsWith(`${root}/`))) continue;
      yield {
        place: placeOf(full),
        message: `the personal file ${path} is in the repository: take it out (git rm --cached) and ignore it`,
        severity: 'warning',
      };
    }
  },
};

const personal =
  /(?:^|\/)(?:\.claude\/settings\.local\.json|CLAUDE\.local\.md|\.aider\.(?:chat|input)\.history(?:\.md)?)$/;

// A repository with many projects asks for each of them.
const known = new Attached<TrackedFiles, readonly string[]>();

function listPersonal(tracked: TrackedFiles): readonly string[] {
  const paths = known.get(tracked) ?? tracked.paths.filter(isPersonal);
  known.set(tracked, paths);
  return paths;
}

/** Few of many thousand paths have a part that all these names have. */
function isPersonal(path: string): boolean {
  return (path.includes('.local.') || path.includes('.aider.')) && personal.test(path);
}

/** The file as a whole, without its text: no report may show a line of it. */
function placeOf(path: string): Report['place'] {
  return { file: { path, text: '' }, at: { start: 0, end: 0 } };
}

function judgeTracked({ path, what, severity, sample }: RepositorySecret): Report {
  return {
    place: placeOf(path),
    message: `the repository holds ${what} in ${path}: take the file out (git rm --cached), and replace what it opens`,
    severity: sample ? 'info' : severity,
  };
}

/** One that the next `git add .` takes in. */
function judgeOpen(
  { path, what, sample }: RepositorySecret,
  gitRoot: string,
  project: Project,
): Report | undefined {
  const inGit = gitRoot === '' ? path : path.slice(gitRoot.length + 1);
  const rules = ['.gitignore', '.git/info/exclude'].flatMap((name) => {
    const result = project.read(joinFolder(gitRoot, name) ?? name);
    return 'file' in result ? parseGitignore(result.file) : [];
  });
  const rule = decidingRule(rules, inGit);
  if (sample || (rule && !rule.negated)) return undefined;
  return {
    place: placeOf(path),
    message: `the file ${path} holds ${what}, and nothing keeps it out of the next commit`,
    severity: 'info',
    fixes: () => ignoreFixes(joinFolder(gitRoot, '.gitignore') ?? '.gitignore', inGit, project),
  };
}

function ignoreFixes(ignoreFile: string, path: string, project: Project): readonly Fix[] {
  const result = project.read(ignoreFile);
  if (!('file' in result) || /[\\*?[\]\s#!]/.test(path)) return [];
  const { text } = result.file;
  const lineEnd = /\r\n/.test(text) ? '\r\n' : '\n';
  const lead = text === '' || /[\r\n]$/.test(text) ? '' : lineEnd;
  const at = { start: text.length, end: text.length };
  const edits = [{ file: ignoreFile, at, text: `${lead}/${path}${lead === '' ? lineEnd : ''}` }];
  return offerFix(`ignore ${path}`, 'the file stays where it is, and out of commits', edits).map((fix) => ({
    ...fix,
    safety: 'safe',
  }));
}
