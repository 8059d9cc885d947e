import { describe, expect, it } from 'vitest';
import { proposeProtection } from '../../../src/container/host-files.js';
import { memoryProject } from '../../../src/project/memory.js';

const key = 'API_TOKEN=Zk9wQ2mT7rLx4VbN8sHd3JfYp6GcAe1uRi5o\n';
const propose = (files: Readonly<Record<string, string>>) => proposeProtection(memoryProject(files));
const found = (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(propose(files).groups.map(({ id, readOnly, mask }) => [id, [...readOnly, ...mask]]));

describe('what a project holds that its container should not change', () => {
  it('is nothing where nothing is', () => {
    expect(propose({})).toEqual({ groups: [], mask: [], odd: [], isPartial: false });
  });

  it('is what the host runs later', () => {
    expect(
      found({
        '.git/hooks/pre-commit.sample': '',
        '.git/config': '',
        '.vscode/tasks.json': '{}',
        'shop.code-workspace': '{}',
        '.envrc': 'use flake',
        '.mcp.json': '{}',
        '.claude/settings.json': '{}',
        '.github/workflows/ci.yml': '',
        'src/.vscode/x': '',
      }),
    ).toEqual({
      'git-hooks': ['.git/hooks'],
      'git-config': ['.git/config'],
      editors: ['.vscode', 'shop.code-workspace'],
      shell: ['.envrc'],
      agents: ['.claude', '.mcp.json'],
    });
  });

  it('has no hooks where .git is a file of a worktree', () => {
    expect(found({ '.git': 'gitdir: ../main/.git/worktrees/x' })).toEqual({});
  });

  it('is masked where Git ignores it, since a bind mount of what is not there keeps a container from starting', () => {
    const [group] = propose({ '.gitignore': '.idea/\n.envrc\n', '.idea/a.xml': '', '.vscode/a': '' }).groups;
    expect(group).toMatchObject({ readOnly: ['.vscode'], mask: ['.idea/'] });
  });
});

describe('the secrets of a project', () => {
  it('are found below its folders, ignored by Git or not', () => {
    const { mask } = propose({
      '.gitignore': '.env\n',
      '.env': key,
      'apps/api/.env.local': key,
      '.aws/credentials': '[default]\naws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzKEYexamp\n',
      'certs/server.pem': '-----BEGIN PRIVATE KEY-----\nx\n',
    });
    expect([...mask].sort()).toEqual(['.aws/credentials', '.env', 'apps/api/.env.local', 'certs/server.pem']);
  });

  it('are none in samples, tests, packages, and files without a value', () => {
    const files = {
      '.env.example': key,
      'tests/.env': key,
      'node_modules/a/.env': key,
      'app/.env': 'DEBUG=1\n',
      'certs/ca.pem': '-----BEGIN CERTIFICATE-----\n',
    };
    expect(propose(files).mask).toEqual([]);
  });

  it('are told where their names cannot be said in a mount', () => {
    expect(propose({ 'a,b/.env': key })).toMatchObject({ mask: [], odd: ['a,b/.env'] });
  });
});
