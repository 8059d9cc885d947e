import { remember } from '../core/remember.js';
import type { EnvironmentVariable } from './container.js';

const agentKeys = new Set([
  ...[
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'OPENAI_API_KEY',
    'CODEX_API_KEY',
  ],
  ...['GEMINI_API_KEY', 'COPILOT_GITHUB_TOKEN', 'CURSOR_API_KEY', 'OPENROUTER_API_KEY', 'MISTRAL_API_KEY'],
  ...['GROQ_API_KEY', 'XAI_API_KEY', 'DEEPSEEK_API_KEY', 'DASHSCOPE_API_KEY', 'AMP_API_KEY'],
  ...['AWS_BEARER_TOKEN_BEDROCK'],
]);

/** Names that are secret although no word says so, or in spite of their last word. */
const secretNames = new Set([
  ...['DATABASE_URL', 'REDIS_URL', 'MONGO_URL', 'MONGODB_URL', 'MONGODB_URI', 'DOCKER_AUTH_CONFIG'],
  ...['TAILSCALE_AUTHKEY', 'TS_AUTHKEY', 'NGROK_AUTHTOKEN'],
]);

const benignNames = new Set([
  ...[
    'TZ',
    'LANG',
    'LANGUAGE',
    'TERM',
    'COLORTERM',
    'USER',
    'USERNAME',
    'LOGNAME',
    'HOME',
    'SHELL',
    'UID',
    'GID',
  ],
  ...['HOSTNAME', 'PWD', 'OLDPWD', 'EDITOR', 'PAGER', 'PATH', 'DISPLAY', 'WAYLAND_DISPLAY', 'CI', 'WSLENV'],
  ...['WSL_DISTRO_NAME', 'NODE_ENV', 'AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID'],
  ...[
    'GOOGLE_CLOUD_PROJECT',
    'GITHUB_USER',
    'GITHUB_REPOSITORY',
    'GPG_TTY',
    'GPG_KEY',
    'SSH_AUTH_SOCK',
    'KUBECONFIG',
  ],
  ...['GOOGLE_APPLICATION_CREDENTIALS', 'PASSWORD_STORE_DIR', 'CLAUDE_CODE_API_KEY_HELPER_TTL_MS'],
  ...['TOKENIZERS_PARALLELISM', 'MAX_TOKENS'],
]);

/** A name that ends in one of these tells about a secret instead of being one. */
const descriptions = new Set([
  ...[
    'FILE',
    'PATH',
    'DIR',
    'URL',
    'URI',
    'NAME',
    'ID',
    'TTL',
    'LENGTH',
    'POLICY',
    'ENABLED',
    'HEADER',
    'HOST',
    'PORT',
  ],
]);

const secretWords =
  / (?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PASS(?! THROUGH)|PWD|APIKEY|CREDENTIALS?|CREDS|PAT|JWT|COOKIE|CONNSTR|SAS) /;
const secretPhrases =
  / (?:(?:API|ACCESS|SECRET|PRIVATE|SIGNING|ENCRYPTION|AUTH|MASTER|SERVICE|STORAGE|ACCOUNT|DEPLOY|LICENSE) KEY|CONNECTION STRING|SERVICE ACCOUNT JSON) /;

/**
 * Whether a variable's name says that it holds a secret. Words are compared, not parts of words: `MAX_TOKENS`,
 * `KEYBOARD` and `SECRET_NAME` are none.
 */
export const isSecretName = remember((name: string): boolean => {
  const upper = name.toUpperCase();
  if (secretNames.has(upper)) return true;
  if (benignNames.has(upper) || /^(?:LC_|GIT_AUTHOR_|GIT_COMMITTER_)/.test(upper)) return false;
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .split(/[_.-]+/)
    .filter((word) => word !== '');
  // A webhook's address is its secret.
  if (words.includes('WEBHOOK')) return true;
  if (descriptions.has(words.at(-1) ?? '')) return false;
  const text = ` ${words.join(' ')} `;
  return secretWords.test(text) || secretPhrases.test(text);
});

/** Whether the name is that of the key an AI agent works with. `context` is text that tells which agents are used. */
export function isAgentKey(name: string, context: string): boolean {
  const upper = name.toUpperCase();
  if (upper === 'GOOGLE_API_KEY') return /gemini/i.test(context);
  return agentKeys.has(upper) || /^AIDER_.*_API_KEY$/.test(upper);
}

/** Secrets of the host that a variable's value takes in. The name inside counts too where the host's says nothing. */
export function hostSecretsOf(
  variable: EnvironmentVariable,
  context: string,
): { readonly kind: 'secret' | 'agent-key'; readonly names: readonly string[] } | undefined {
  const { name, hostVariables } = variable;
  if (hostVariables.length === 0) return undefined;
  if (name === '*') return { kind: 'secret', names: ['every variable'] };
  if (isAgentKey(name, context)) return { kind: 'agent-key', names: hostVariables };
  const secrets = hostVariables.filter((host) => !isAgentKey(host, context) && isSecretName(host));
  if (secrets.length > 0) return { kind: 'secret', names: secrets };
  const keys = hostVariables.filter((host) => isAgentKey(host, context));
  if (keys.length > 0) return { kind: 'agent-key', names: keys };
  const isWhole = /^\$\{(?:localEnv|env):[^}]*\}$/.test(variable.value ?? '');
  return isWhole && isSecretName(name) ? { kind: 'secret', names: hostVariables } : undefined;
}
