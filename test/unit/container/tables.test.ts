import { describe, expect, test } from 'vitest';
import { effectOf } from '../../../src/container/feature-effects.js';
import { gradeHostCommand } from '../../../src/container/host-command.js';
import { trustOf } from '../../../src/container/script-hosts.js';
import { isAgentKey, isSecretName } from '../../../src/container/secret-names.js';

test.each([
  'GITHUB_TOKEN',
  'npm_config__authToken',
  'AWS_SECRET_ACCESS_KEY',
  'DB_PASSWORD',
  'myApiKey',
  'SLACK_WEBHOOK_URL',
  'DATABASE_URL',
  'TF_TOKEN_app_terraform_io',
  'DEPLOY_KEY',
  'GITHUB_PAT',
])('%s is a secret', (name) => expect(isSecretName(name)).toBe(true));

test.each([
  'PWD',
  'PATH',
  'MAX_TOKENS',
  'TOKENIZERS_PARALLELISM',
  'KEYBOARD',
  'AWS_ACCESS_KEY_ID',
  'SECRET_NAME',
  'TOKEN_FILE',
  'PUBLIC_KEY',
  'GPG_KEY',
  'PASS_THROUGH',
  'LC_ALL',
  'COMPASS',
  'SSH_AUTH_SOCK',
])('%s is no secret', (name) => expect(isSecretName(name)).toBe(false));

test('agent keys are told from secrets', () => {
  expect(isAgentKey('ANTHROPIC_API_KEY', '')).toBe(true);
  expect(isAgentKey('AIDER_OPENAI_API_KEY', '')).toBe(true);
  expect(isAgentKey('GITHUB_TOKEN', '')).toBe(false);
  expect(isAgentKey('GOOGLE_API_KEY', '')).toBe(false);
  expect(isAgentKey('GOOGLE_API_KEY', '"postCreateCommand": "npm i -g @google/gemini-cli"')).toBe(true);
});

describe('a command on the host', () => {
  test.each([
    ['sudo apt install x', 'error'],
    ['FOO=1 sudo -E true', 'error'],
    ['test -f .env && source .env', 'error'],
    ['echo "alias ls=x" >> ~/.bashrc', 'error'],
    ['cp hooks/pre-commit .git/hooks/pre-commit', 'error'],
    ['cp a ~/.claude/settings.json', 'error'],
    ['echo x > ~/.claude.json', 'error'],
    ['echo x > ~/.claude-staging.json', 'warning'],
    ['docker run --rm -v /:/host alpine', 'error'],
    ['docker run --privileged alpine', 'error'],
    ['bash .devcontainer/init.sh', 'warning'],
    ['npm ci', 'warning'],
    ['cp .env.example .env', 'warning'],
    ['mkdir -p "$(cat name)"', 'warning'],
    ['echo x > .devcontainer/x', 'warning'],
    ['docker run --rm alpine true', 'warning'],
    ['docker volume create --opt device=/ x', 'warning'],
    ['docker volume create --opt "device=${localWorkspaceFolder}/build" --opt o=bind x', 'info'],
    ['docker volume create --opt "device=${localWorkspaceFolder}/../build" --opt o=bind x', 'warning'],
    ['mkdir -p a && touch a/b || true', 'info'],
    ["test -f .env || cp -n '.env.example' .env", 'info'],
    ['if [ ! -d x ]; then mkdir x; fi', 'info'],
    ['docker network create dev >/dev/null 2>&1 || true', 'info'],
    ["echo 'a; sudo b'", 'info'],
    ["/bin/bash -c 'set -e; mkdir -p {a,b}; docker volume create x'", 'info'],
    ["bash -c 'mkdir a; sudo chown me a'", 'error'],
    ["bash -lc 'npm ci'", 'warning'],
    ["bash -c 'echo a > b'", 'warning'],
    [['echo', 'a; sudo b'], 'info'],
    [['npm', 'ci'], 'warning'],
    [['sudo', 'true'], 'error'],
  ])('%s is %s', (script, severity) => expect(gradeHostCommand(script).severity).toBe(severity));
});

describe('the trust in an address', () => {
  test.each([
    'https://sh.rustup.rs',
    'https://claude.ai/install.sh',
    'https://raw.githubusercontent.com/nvm-sh/nvm/master/install.sh',
    'https://raw.githubusercontent.com/someone/tool/v1.2.3/install.sh',
    'https://raw.githubusercontent.com/someone/tool/0123456789abcdef0123456789abcdef01234567/install.sh',
    'http://localhost:8080/x',
  ])('%s is the vendor', (url) => expect(trustOf(url).trusted).toBe(true));

  test.each([
    'http://example.com/x.sh',
    'https://get.example.com/agent.sh',
    'https://notclaude.ai/install.sh',
    'https://claude.ai.example.com/install.sh',
    'example.com/x.sh',
    'https://203.0.113.7/x.sh',
    'https://bit.ly/x',
    'https://gist.githubusercontent.com/a/b/raw/x.sh',
    'https://raw.githubusercontent.com/someone/tool/main/install.sh',
    'https://github.com/someone/tool/releases/latest/download/install.sh',
    'https://cdn.jsdelivr.net/gh/someone/tool@main/install.sh',
    'https://',
  ])('%s is somebody else', (url) => expect(trustOf(url).trusted).toBe(false));
});

describe('a Feature', () => {
  const judge = (id: string, options = {}) => {
    const effect = effectOf({ id, options });
    return effect && `${effect.persona === 'pedantic' ? 'pedantic' : effect.severity}`;
  };
  test.each([
    ['ghcr.io/devcontainers/features/docker-outside-of-docker', 'error'],
    ['docker-from-docker', 'error'],
    ['ghcr.io/devcontainers/features/docker-in-docker', 'warning'],
    ['ghcr.io/someone/features/docker-in-docker', 'warning'],
    ['ghcr.io/devcontainers/features/sshd', 'info'],
    ['ghcr.io/devcontainers/features/go', 'pedantic'],
    ['ghcr.io/devcontainers/features/common-utils', 'pedantic'],
    ['ghcr.io/someone/features/unheard-of', 'pedantic'],
    ['ghcr.io/devcontainers/features/node', undefined],
    ['./local-feature', undefined],
  ])('%s is %s', (id, expected) => expect(judge(id)).toBe(expected));

  test('is worse with an option that opens it', () => {
    expect(judge('ghcr.io/devcontainers/features/sshd', { gatewayPorts: 'yes' })).toBe('warning');
    expect(judge('ghcr.io/devcontainers/features/desktop-lite', { noPassword: true })).toBe('warning');
  });
});
