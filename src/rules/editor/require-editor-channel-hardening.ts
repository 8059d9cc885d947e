import '../../container/devcontainer-file.js';
import { type EditorChannel, findOpenChannels, offerClosing } from '../../container/editor-channels.js';
import { offerFix } from '../../container/fixes.js';
import { placeOfContainer } from '../../container/place.js';
import type { Rule } from '../../core/rule.js';

const blanks = [
  'SSH_AUTH_SOCK',
  'GPG_AGENT_INFO',
  'GIT_ASKPASS',
  'VSCODE_GIT_ASKPASS_MAIN',
  'VSCODE_GIT_ASKPASS_NODE',
  'VSCODE_GIT_IPC_HANDLE',
  'VSCODE_IPC_HOOK_CLI',
  'REMOTE_CONTAINERS_IPC',
  'REMOTE_CONTAINERS_SOCKETS',
  'BROWSER',
  'DISPLAY',
  'WAYLAND_DISPLAY',
].map((name) => `"${name}": ""`);

export const requireEditorChannelHardening: Rule<'devcontainer'> = {
  id: 'require-editor-channel-hardening',
  on: 'devcontainer',
  severity: 'info',
  confidence: 'medium',
  persona: 'pedantic',
  summary: 'Blank what an attached editor carries into the container of an agent',
  why: "An editor that is attached hands in the host's ssh and gpg agents, its git login, a browser and a way to run commands, in variables that every process sees. Blank, tools inside do not use them; an attacker still finds the sockets, which only an editor that is not attached leaves out.",
  references: [
    'https://github.com/microsoft/vscode-remote-release/issues/11413',
    'https://github.com/microsoft/vscode-remote-release/issues/9466',
    'https://code.visualstudio.com/docs/devcontainers/containers#_sharing-git-credentials-with-your-container',
  ],
  examples: [
    {
      bad: agentWith(
        '"otherPortsAttributes": { "onAutoForward": "ignore" },\n  "customizations": { "vscode": { "settings": { "terminal.integrated.allowLocalTerminal": false } } }',
        '«',
      ),
      fixed: agentWith(
        `"otherPortsAttributes": { "onAutoForward": "ignore" },\n  "customizations": { "vscode": { "settings": { "terminal.integrated.allowLocalTerminal": false } } },\n  "remoteEnv": {\n    ${blanks.join(',\n    ')}\n  }`,
      ),
    },
    {
      bad: `{\n  "image": «"mcr.microsoft.com/devcontainers/base:noble"»,\n  "remoteEnv": { ${blanks.slice(0, -1).join(', ')} },\n  "postStartCommand": "npm i -g @anthropic-ai/claude-code && claude --dangerously-skip-permissions -p x"\n}\n`,
      fixed: `{\n  "image": "mcr.microsoft.com/devcontainers/base:noble",\n  "remoteEnv": { ${blanks.join(', ')} },\n  "postStartCommand": "npm i -g @anthropic-ai/claude-code && claude --dangerously-skip-permissions -p x",\n  "customizations": {\n    "vscode": {\n      "settings": {\n        "terminal.integrated.allowLocalTerminal": false,\n        "remote.autoForwardPorts": false\n      }\n    }\n  }\n}\n`,
      persona: 'default',
    },
  ],
  good: [
    '{ "image": "mcr.microsoft.com/devcontainers/base:noble", "mounts": ["source=a,type=volume"] }',
    agentWith(
      `"remoteEnv": { ${blanks.join(', ')} }, "customizations": { "vscode": { "settings": { "remote.autoForwardPorts": false, "terminal.integrated.allowLocalTerminal": false } } }`,
    ),
    agentWith(
      `"remoteEnv": { ${blanks.join(', ').replace('"BROWSER": ""', '"BROWSER": "/usr/local/bin/ask"')} }, "settings": { "remote.autoForwardPorts": false, "terminal.integrated.allowLocalTerminal": false }`,
    ),
  ],
  mayShow: ({ container }) => container.posture.unattended.length > 0,
  *check({ document, container }) {
    const { agents, unattended } = container.posture;
    if (agents.length === 0) return;
    const open = findOpenChannels(document);
    if (open.length === 0) return;
    yield {
      place: placeOfContainer(container),
      message: `an editor that is attached brings in more than ${agents[0]?.what} needs: ${open.map(nameOf).join(', ')}`,
      ...(unattended.length > 0 && { persona: 'default' }),
      fixes: () =>
        offerFix(
          'blank the variables and switch the settings off',
          "git over ssh and the host's logins, browser and display no longer work inside",
          offerClosing(document, open),
        ),
    };
  },
};

function nameOf(channel: EditorChannel): string {
  return channel.title;
}

function agentWith(rest: string, mark = ''): string {
  const image = '"mcr.microsoft.com/devcontainers/base:noble"';
  return `{\n  "image": ${mark && '«'}${image}${mark && '»'},\n  "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1.0.5": {} },\n  ${rest}\n}\n`;
}
