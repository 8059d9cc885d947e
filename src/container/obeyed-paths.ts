import { type CredentialEntry, paths } from './path-catalogue.js';

/** Host paths that the host, its editors or its agents later run, obey or build from; and what is harmless beside secrets. */
export const obeyedPaths: readonly CredentialEntry[] = [
  {
    kind: 'exec',
    what: 'ssh settings',
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
    what: 'editor settings and extensions',
    read: 'warning',
    write: 'error',
    folders: paths(`
      ~/.vscode, ~/.vscode-server, ~/.config/Code, ~/.config/VSCodium, ~/.config/JetBrains,
      ~/.config/zed, ~/.config/nvim, ~/.local/share/JetBrains, ~/Library/Application Support/Code,
      ~/Library/Application Support/JetBrains, ~/AppData/Roaming/Code, ~/.vim, ~/.emacs.d`),
    files: paths('~/.vimrc, ~/.emacs'),
  },
  {
    kind: 'agent-state',
    what: "an agent's settings",
    read: 'info',
    write: 'error',
    folders: [],
    files: paths('~/.claude/settings.json, ~/.gemini/settings.json, ~/.codex/config.toml'),
  },
  {
    kind: 'exec',
    what: "an agent's instructions",
    // They tell how to work, not with which key.
    read: 'none',
    write: 'error',
    folders: paths(`
      ~/.claude/agents, ~/.claude/commands, ~/.claude/skills, ~/.claude/output-styles, ~/.codex/prompts,
      ~/.codex/skills, ~/.gemini/commands, ~/.config/opencode/agent, ~/.config/opencode/command`),
    files: paths(
      '~/.claude/CLAUDE.md, ~/.codex/AGENTS.md, ~/.gemini/GEMINI.md, ~/.config/opencode/AGENTS.md',
    ),
  },
  {
    kind: 'exec',
    what: 'start files of the shell, which often hold tokens',
    read: 'info',
    write: 'error',
    folders: paths('~/.config/fish'),
    files: paths('~/.bashrc, ~/.bash_*, ~/.profile, ~/.zsh*, ~/.envrc, ~/.cargo/config.toml'),
  },
  {
    kind: 'exec',
    what: 'programs and settings of the user',
    // Nothing in them is worth stealing.
    read: 'pedantic',
    write: 'error',
    folders: paths(`
      ~/.oh-my-zsh, ~/.local/bin, ~/bin, ~/.local/lib/python*, ~/.npm-global, ~/go/bin, ~/.cargo/bin, ~/.gradle/init.d,
      ~/.docker/cli-plugins, ~/.config/systemd, ~/.config/autostart, ~/Library/LaunchAgents, ~/.config/direnv,
      ~/.config/mise, ~/.asdf`),
    files: paths('~/.inputrc, ~/.tmux.conf'),
  },
  {
    kind: 'identity',
    what: 'git settings',
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
    what: 'a cache of packages',
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
