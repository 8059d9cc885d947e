import { type CredentialEntry, paths } from './path-catalogue.js';

/** Host paths that the host, its editors or its agents later run, obey or build from; and what is harmless beside secrets. */
export const obeyedPaths: readonly CredentialEntry[] = [
  {
    kind: 'exec',
    what: 'ssh settings, which can run commands on the host',
    read: 'info',
    write: 'error',
    folders: [],
    files: paths('~/.ssh/config, ~/.ssh/authorized_keys, ~/.ssh/rc'),
  },
  {
    kind: 'agent-state',
    what: "an agent's login, settings and hooks",
    read: 'warning',
    write: 'error',
    folders: paths(`
      ~/.claude, ~/.config/claude, ~/Library/Application Support/Claude, ~/.codex, ~/.gemini,
      ~/.cursor, ~/.config/Cursor, ~/.copilot, ~/.config/opencode, ~/.local/share/opencode,
      ~/.continue, ~/.cline, ~/.roo, ~/.codeium, ~/.config/amp, ~/.amp, ~/.qwen, ~/.kiro,
      ~/.aws/amazonq, ~/.factory, ~/.config/goose, ~/.grok, ~/.mcp-auth, ~/.agents`),
    files: paths('~/.claude.json, ~/.aider*'),
  },
  {
    kind: 'exec',
    what: 'editor settings and extensions, which run on the host',
    read: 'warning',
    write: 'error',
    folders: paths(`
      ~/.vscode, ~/.vscode-server, ~/.config/Code, ~/.config/VSCodium, ~/.config/JetBrains,
      ~/.config/zed, ~/.config/nvim, ~/.local/share/JetBrains, ~/Library/Application Support/Code,
      ~/Library/Application Support/JetBrains, ~/AppData/Roaming/Code, ~/.vim, ~/.emacs.d`),
    files: paths('~/.vimrc, ~/.emacs'),
  },
  {
    kind: 'exec',
    what: 'files that the host runs or reads at login',
    read: 'info',
    write: 'error',
    folders: paths(`
      ~/.oh-my-zsh, ~/.config/fish, ~/.local/bin, ~/bin, ~/.local/lib/python*, ~/.npm-global,
      ~/go/bin, ~/.cargo/bin, ~/.gradle/init.d, ~/.docker/cli-plugins, ~/.config/systemd,
      ~/.config/autostart, ~/Library/LaunchAgents, ~/.config/direnv, ~/.config/mise, ~/.asdf`),
    files: paths(`
      ~/.bashrc, ~/.bash_*, ~/.profile, ~/.zsh*, ~/.inputrc, ~/.envrc, ~/.cargo/config.toml,
      ~/.tmux.conf`),
  },
  {
    kind: 'identity',
    what: 'git settings, which can run commands on the host',
    read: 'pedantic',
    write: 'error',
    folders: paths('~/.config/git'),
    files: paths('~/.gitconfig'),
  },
  {
    kind: 'history',
    what: 'command history, which often holds passwords',
    read: 'warning',
    write: 'warning',
    folders: [],
    files: paths(`
      ~/.bash_history, ~/.zsh_history, ~/.local/share/fish/fish_history, ~/.python_history,
      ~/.node_repl_history, ~/.psql_history, ~/.mysql_history, ~/.viminfo`),
  },
  {
    kind: 'cache',
    what: 'a cache that the host builds from',
    read: 'none',
    write: 'pedantic',
    folders: paths(`
      ~/.cache, ~/.npm, ~/.m2/repository, ~/.gradle/caches, ~/go/pkg/mod, ~/.cargo/registry,
      ~/.cargo/git, ~/.nuget/packages, ~/.local/share/pnpm/store`),
    files: [],
  },
  {
    kind: 'public',
    what: 'nothing secret',
    read: 'none',
    write: 'none',
    folders: paths('~/.config/htop, ~/.config/bat, ~/.config/lsd'),
    files: paths('~/.ssh/known_hosts, ~/.ssh/*.pub, ~/.tool-versions, ~/.editorconfig'),
  },
];
