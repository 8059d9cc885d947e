/** Repositories as they are found in the wild: what people write, with its comments, and how often. */

const imageOnly = `// For format details, see https://aka.ms/devcontainer.json. For config options, see the
// README at: https://github.com/devcontainers/templates/tree/main/src/typescript-node
{
  "name": "Node.js & TypeScript",
  // Or use a Dockerfile or Docker Compose file. More info: https://containers.dev/guide/dockerfile
  "image": "mcr.microsoft.com/devcontainers/typescript-node:1-22-bookworm"

  // Features to add to the dev container. More info: https://containers.dev/features.
  // "features": {},

  // Use 'forwardPorts' to make a list of ports inside the container available locally.
  // "forwardPorts": [],

  // Use 'postCreateCommand' to run commands after the container is created.
  // "postCreateCommand": "yarn install",

  // Uncomment to connect as root instead. More info: https://aka.ms/dev-containers-non-root.
  // "remoteUser": "root"
}
`;

const features = `{
  "name": "service",
  "image": "mcr.microsoft.com/devcontainers/base:ubuntu-24.04",
  "features": {
    "ghcr.io/devcontainers/features/node:1": { "version": "22" },
    "ghcr.io/devcontainers/features/python:1": { "version": "3.12", "installTools": true },
    "ghcr.io/devcontainers/features/github-cli:1": {},
    "ghcr.io/devcontainers/features/common-utils:2": { "installZsh": true, "username": "vscode" }
  },
  "forwardPorts": [3000, 5432],
  "portsAttributes": { "3000": { "label": "web", "onAutoForward": "notify" } },
  "postCreateCommand": "npm ci && pip install --user -r requirements.txt",
  "customizations": {
    "vscode": {
      "extensions": ["dbaeumer.vscode-eslint", "esbenp.prettier-vscode", "ms-python.python", "charliermarsh.ruff"],
      "settings": {
        "editor.formatOnSave": true,
        "python.defaultInterpreterPath": "/usr/local/bin/python",
        "[typescript]": { "editor.defaultFormatter": "esbenp.prettier-vscode" }
      }
    }
  },
  "remoteUser": "vscode"
}
`;

const built = `{
	"name": "app",
	"build": {
		"dockerfile": "Dockerfile",
		"context": "..",
		"args": { "VARIANT": "3.12-bookworm", "NODE_VERSION": "20" }
	},
	"mounts": [
		"source=app-history,target=/commandhistory,type=volume",
		"source=\${localWorkspaceFolder}/.cache,target=/home/vscode/.cache,type=bind,consistency=cached"
	],
	"containerEnv": { "PYTHONUNBUFFERED": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1" },
	"postCreateCommand": { "deps": "pip install -e .[dev]", "hooks": ["pre-commit", "install"] },
	"postStartCommand": "git config --global --add safe.directory \${containerWorkspaceFolder}",
	"customizations": { "vscode": { "extensions": ["ms-python.python", "ms-python.vscode-pylance"] } },
	"remoteUser": "vscode",
}
`;

const dockerfile = `ARG VARIANT=3.12-bookworm
FROM mcr.microsoft.com/devcontainers/python:\${VARIANT}

ARG NODE_VERSION="none"
RUN if [ "\${NODE_VERSION}" != "none" ]; then su vscode -c "umask 0002 && . /usr/local/share/nvm/nvm.sh && nvm install \${NODE_VERSION} 2>&1"; fi

# what the tests need
RUN apt-get update && export DEBIAN_FRONTEND=noninteractive \\
    && apt-get -y install --no-install-recommends libpq-dev postgresql-client \\
    && rm -rf /var/lib/apt/lists/*

COPY requirements.txt /tmp/pip-tmp/
RUN pip3 --disable-pip-version-check --no-cache-dir install -r /tmp/pip-tmp/requirements.txt \\
    && rm -rf /tmp/pip-tmp
USER vscode
`;

const composed = `{
  "name": "app & database",
  "dockerComposeFile": "docker-compose.yml",
  "service": "app",
  "workspaceFolder": "/workspaces/\${localWorkspaceFolderBasename}",
  "forwardPorts": [8000, "db:5432"],
  "postCreateCommand": "bundle install && rails db:setup",
  "customizations": { "vscode": { "extensions": ["shopify.ruby-lsp"] } }
}
`;

const compose = `services:
  app:
    image: mcr.microsoft.com/devcontainers/ruby:1-3.3-bookworm
    volumes:
      - ../..:/workspaces:cached
    command: sleep infinity
    network_mode: service:db
  db:
    image: postgres:16
    restart: unless-stopped
    volumes:
      - postgres-data:/var/lib/postgresql/data
    environment:
      POSTGRES_USER: postgres
      POSTGRES_DB: postgres
      POSTGRES_PASSWORD: postgres
volumes:
  postgres-data:
`;

const agent = `{
  "name": "agent sandbox",
  "image": "mcr.microsoft.com/devcontainers/javascript-node:22",
  "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1": {} },
  "mounts": ["source=claude-config-\${devcontainerId},target=/home/node/.claude,type=volume"],
  "containerEnv": { "CLAUDE_CONFIG_DIR": "/home/node/.claude", "NODE_OPTIONS": "--max-old-space-size=4096" },
  "remoteUser": "node"
}
`;

const dangerous = `{
  "name": "tools",
  "image": "ubuntu:24.04",
  "runArgs": ["--privileged", "--network=host", "-v", "/var/run/docker.sock:/var/run/docker.sock"],
  "mounts": [
    "source=\${localEnv:HOME}/.ssh,target=/root/.ssh,type=bind",
    { "source": "\${localEnv:HOME}\${localEnv:USERPROFILE}/.aws", "target": "/root/.aws", "type": "bind" }
  ],
  "remoteEnv": { "GITHUB_TOKEN": "\${localEnv:GITHUB_TOKEN}" },
  "postCreateCommand": "curl -fsSL https://get.example.com/install.sh | bash",
  "remoteUser": "root"
}
`;

const claude = `{
  "permissions": {
    "allow": ["Bash(npm run test:*)", "Bash(git diff:*)", "Read(./src/**)"],
    "deny": ["Read(./.env)", "Read(./.env.*)", "Read(./secrets/**)"]
  }
}
`;

const servers = `{
  "mcpServers": {
    "files": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem@2025.8.21", "."] },
    "docs": { "type": "http", "url": "https://mcp.example.com/mcp" }
  }
}
`;

type Files = Readonly<Record<string, string>>;

const main = '.devcontainer/devcontainer.json';

/** Of ten repositories; the fifth has two more configurations. */
const shapes: readonly Files[] = [
  { [main]: imageOnly },
  { [main]: features },
  { [main]: built, '.devcontainer/Dockerfile': dockerfile, 'requirements.txt': 'psycopg==3.2.1\n' },
  { '.devcontainer.json': imageOnly },
  {
    [main]: features,
    'packages/api/.devcontainer/devcontainer.json': imageOnly,
    'packages/web/.devcontainer.json': features,
  },
  { [main]: composed, '.devcontainer/docker-compose.yml': compose },
  { [main]: agent, '.claude/settings.json': claude, '.mcp.json': servers },
  { [main]: features, '.vscode/settings.json': '{ "editor.formatOnSave": true, "files.eol": "\\n" }\n' },
  { [main]: dangerous },
  { [main]: built, '.devcontainer/Dockerfile': dockerfile },
];

const ordinary: Files = {
  'README.md': '# A repository\n',
  '.gitignore': 'node_modules/\n/dist\n*.log\n.env*\n!.env.example\n',
  'src/index.js': '',
  'src/lib/deep/a.js': '',
  'docs/guide.md': '',
  'node_modules/left/package.json': '{}',
};

/** The files of one repository. Every third is a clone, as git leaves it. */
export function repositoryFiles(index: number): Files {
  const shape = shapes[index % shapes.length] ?? {};
  const named = Object.entries(shape).map(([path, text]) => [
    path,
    text.replace('"name": "', `"name": "${index} `),
  ]);
  const git: Files = index % 3 === 0 ? { '.git/HEAD': 'ref: refs/heads/main\n' } : {};
  return { ...ordinary, ...git, ...Object.fromEntries(named) };
}
