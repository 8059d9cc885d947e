import { type CredentialEntry, paths } from './path-catalogue.js';

/** Host paths that hold credentials, by the tools' own documentation. */
export const credentialPaths: readonly CredentialEntry[] = [
  {
    kind: 'key',
    what: 'private keys',
    read: 'error',
    write: 'error',
    folders: paths(`
      ~/.ssh, ~/.putty, ~/.gnupg, ~/.config/sops/age, ~/.config/age, ~/.age, ~/.step, ~/.pki,
      ~/Library/Group Containers/*.gnupg*`),
    files: paths('~/.ssh/id_*, ~/.ssh/*.pem, /etc/ssh/ssh_host_*'),
  },
  {
    kind: 'token',
    what: 'logins of code forges',
    read: 'error',
    write: 'error',
    folders: paths(`
      ~/.config/gh, ~/AppData/Roaming/GitHub CLI, ~/.config/glab-cli, ~/.config/hub, ~/.config/tea,
      ~/.subversion/auth, ~/.config/bitbucket*`),
    files: paths('~/.git-credentials, ~/.config/git/credentials, ~/.netrc, ~/_netrc, ~/.gitcookies'),
  },
  {
    kind: 'cloud',
    what: 'cloud credentials',
    read: 'error',
    write: 'error',
    folders: paths(`
      ~/.aws, ~/.azure, ~/.config/gcloud, ~/AppData/Roaming/gcloud, ~/.oci, ~/.bluemix, ~/.aliyun, ~/.tccli, ~/.config/doctl,
      ~/.config/linode-cli, ~/.config/hcloud, ~/.config/scw, ~/.config/openstack, ~/.fly, ~/.railway,
      ~/.config/netlify, ~/.local/share/com.vercel.cli, ~/Library/Application Support/com.vercel.cli,
      ~/.wrangler, ~/.config/.wrangler, ~/.local/share/heroku, ~/.config/configstore,
      ~/.config/rclone`),
    files: paths('~/.boto, ~/.s3cfg'),
  },
  {
    kind: 'token',
    what: 'tokens of hosted services',
    read: 'error',
    write: 'error',
    folders: paths(`
      ~/.config/vault, ~/.snowsql, ~/.snowflake, ~/.config/sentry, ~/.kaggle, ~/.config/wandb,
      ~/.config/stripe, ~/.doppler, ~/.infisical`),
    files: paths(`
      ~/.terraform.d/credentials.tfrc.json, ~/.terraformrc, ~/.pulumi/credentials.json,
      ~/.vault-token, ~/.databrickscfg, ~/.dbt/profiles.yml, ~/.sentryclirc,
      ~/.cache/huggingface/token`),
  },
  {
    kind: 'cluster',
    what: 'cluster credentials',
    read: 'error',
    write: 'error',
    folders: paths(`
      ~/.kube, ~/.minikube, ~/.k3d, /etc/kubernetes, ~/.config/helm/registry,
      ~/.local/share/helm/registry`),
    files: paths('/etc/rancher/k3s/k3s.yaml'),
  },
  {
    kind: 'token',
    what: 'logins of container registries',
    read: 'error',
    write: 'error',
    folders: [],
    files: paths(`
      ~/.docker/config.json, ~/.dockercfg, ~/.config/containers/auth.json,
      $XDG_RUNTIME_DIR/containers/auth.json`),
  },
  {
    kind: 'token',
    what: 'tokens of package registries',
    read: 'error',
    write: 'error',
    folders: paths('~/.config/hex, ~/.config/github-copilot, ~/AppData/Roaming/NuGet'),
    files: paths(`
      ~/.npmrc, ~/.pypirc, ~/.cargo/credentials, ~/.cargo/credentials.toml, ~/.gem/credentials,
      ~/.local/share/gem/credentials, ~/.config/composer/auth.json, ~/.composer/auth.json,
      ~/.hex/hex.config, ~/.config/pypoetry/auth.toml, ~/.nuget/NuGet/NuGet.Config`),
  },
  {
    kind: 'token',
    what: 'package manager settings, which often hold registry tokens',
    read: 'warning',
    write: 'error',
    folders: paths('~/.config/pnpm, ~/.config/pip, ~/.pip, ~/.m2, ~/.gradle, ~/.conan*, ~/.sbt'),
    files: paths(`
      ~/.yarnrc.yml, ~/.yarnrc, ~/.bunfig.toml, ~/.m2/settings.xml, ~/.m2/settings-security.xml,
      ~/.gradle/gradle.properties, ~/.bundle/config, ~/.condarc, ~/.ivy2/.credentials`),
  },
  {
    kind: 'store',
    what: 'a password store',
    read: 'error',
    write: 'error',
    folders: paths(`
      ~/.password-store, ~/.local/share/keyrings, ~/.local/share/kwalletd, ~/Library/Keychains,
      ~/.config/op, ~/.op, ~/.config/1Password, ~/.config/Bitwarden*, ~/.config/keepassxc, ~/.lpass,
      ~/AppData/Roaming/Microsoft/Credentials, ~/AppData/Roaming/Microsoft/Protect,
      ~/AppData/Local/Microsoft/Credentials, ~/AppData/Local/Microsoft/Vault`),
    files: [],
  },
  {
    kind: 'browser',
    what: 'browser and messenger sessions',
    read: 'error',
    write: 'error',
    folders: paths(`
      ~/.mozilla, ~/.config/google-chrome, ~/.config/chromium, ~/.config/BraveSoftware,
      ~/.config/microsoft-edge, ~/.config/vivaldi, ~/Library/Application Support/Google,
      ~/Library/Application Support/Firefox, ~/Library/Application Support/BraveSoftware,
      ~/Library/Safari, ~/Library/Cookies, ~/AppData/Local/Google/Chrome, ~/.thunderbird,
      ~/.config/Slack, ~/.config/discord, ~/.config/Signal, ~/snap/*, ~/.var/app/*`),
    files: [],
  },
  {
    kind: 'wallet',
    what: 'a wallet',
    read: 'error',
    write: 'error',
    folders: paths(`
      ~/.bitcoin, ~/.ethereum, ~/.config/solana, ~/.wallet*, ~/.near-credentials, ~/.aptos, ~/.sui,
      ~/.foundry/keystores, ~/.brownie, ~/.monero`),
    files: [],
  },
  {
    kind: 'db',
    what: 'database passwords',
    read: 'error',
    write: 'error',
    folders: paths('~/.config/mongosh, ~/.config/pgcli, ~/AppData/Roaming/postgresql'),
    files: paths('~/.pgpass, ~/.my.cnf, ~/.mylogin.cnf'),
  },
  {
    kind: 'net',
    what: 'keys to other networks',
    read: 'error',
    write: 'error',
    folders: paths(`
      /etc/wireguard, ~/.config/ngrok, ~/.ngrok2, ~/.cloudflared, /var/lib/tailscale,
      ~/.config/openvpn, /etc/NetworkManager/system-connections`),
    files: [],
  },
  {
    kind: 'token',
    what: 'keys of a local model runner',
    read: 'warning',
    write: 'warning',
    folders: paths('~/.ollama, ~/.config/io.datasette.llm'),
    files: [],
  },
];
