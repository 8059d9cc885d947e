/** Files that no agent needs to read: names in every folder, and paths; `*` is any run of characters. */
const secretFiles = [
  '.env .netrc .pgpass .my.cnf .git-credentials .pypirc id_rsa id_dsa id_ecdsa id_ed25519 *.p12',
  '*.pfx *.jks *.keystore *.kdbx *.ppk *.tfstate *.tfvars kubeconfig credentials.json',
  '.credentials.json service-account*.json client_secret*.json secrets.yaml secrets.yml',
  'secrets.json .vault-token .htpasswd master.key /proc/*/environ ~/.docker/config.json ~/.npmrc',
  '~/.config/git/credentials ~/.cargo/credentials* ~/.gem/credentials ~/.m2/settings.xml',
].flatMap((line) => line.split(' '));

/**
 * The same and more for the agents' own permission rules: `~/` is the user's home, `*` any run of characters within a step
 * and `**` any steps. Names of templates such as `.env.example` are left out, because these rules know no exceptions.
 */
export const secretPatterns: readonly string[] = [
  ...secretFiles,
  ...[
    '.env.local .env.*.local .env.dev .env.development .env.prod .env.production .env.stage',
    '.env.staging .envrc *.key auth.json ~/.ssh/** ~/.aws/** ~/.azure/** ~/.gnupg/** ~/.kube/**',
    '~/.config/gcloud/** ~/.config/gh/** ~/.terraform.d/** /run/secrets/** /run/harden-mcp/**',
  ].flatMap((line) => line.split(' ')),
];

/** The same and more for the guard, in lower case: names, and with a slash paths, in which `*` crosses steps. */
export const guardedFiles: readonly string[] = [
  ...secretFiles,
  ...[
    '.env.* _netrc .npmrc.* .dockercfg *.tfstate.backup *.tfvars.json *.kubeconfig',
    '*firebase-adminsdk*.json local.settings.json */.ssh/* */.aws/credentials */.aws/config',
    '*/.azure/* */.config/gcloud/* */.config/gh/hosts.yml */.docker/config.json */.kube/config',
    '*/.gnupg/* ~/.ssh/* ~/.aws/credentials ~/.kube/config ~/.gnupg/* ~/.terraform.d/* /run/secrets/*',
    '/run/harden-mcp/*',
  ].flatMap((line) => line.split(' ')),
];

/** Files of such names that hold none. */
export const openFiles: readonly string[] = [
  '.env.example .env.sample .env.template .env.dist .env.default .env.defaults .env.schema',
  '.env.vault .env.test .env.ci *.example */.ssh/known_hosts ~/.ssh/known_hosts */.ssh/*.pub',
  '~/.ssh/*.pub *.tfvars.example *.env.d.ts',
].flatMap((line) => line.split(' '));

/** Files that the host runs or obeys later: a change of them is for a person to see. */
export const obeyedPatterns: readonly string[] = [
  '.devcontainer/** .git/hooks/** .git/config .husky/** .vscode/** .idea/** .envrc .mcp.json',
  '.claude/** .codex/** .gemini/** .cursor/** .github/workflows/**',
].flatMap((line) => line.split(' '));
