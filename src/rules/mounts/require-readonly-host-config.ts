import '../../container/devcontainer-file.js';
import type { Container, DeclaredMount } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { listObeyed } from '../../container/host-obeyed.js';
import { placeOfContainer } from '../../container/place.js';
import type { Edit, Rule } from '../../core/rule.js';
import { type JsonDocument, member } from '../../documents/json.js';
import { projectRootOf } from '../../documents/kinds.js';

export const requireReadonlyHostConfig: Rule<'devcontainer'> = {
  id: 'require-readonly-host-config',
  on: 'devcontainer',
  severity: 'info',
  confidence: 'high',
  persona: 'pedantic',
  summary: 'Keep what the host runs out of reach of the container',
  why: 'The workspace is one folder for both sides. Code in the container that changes devcontainer.json, a git hook or a task of the editor is run on the host at the next rebuild, commit or opening of the folder, outside of everything that was to hold it.',
  references: [
    'https://containers.dev/implementors/json_reference/#lifecycle-scripts',
    'https://git-scm.com/docs/githooks',
    'https://attack.mitre.org/techniques/T1546/',
  ],
  examples: [
    {
      bad: '{\n  "image": «"node:24"»\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "mounts": ["type=bind,source=${localWorkspaceFolder}/.devcontainer,target=${containerWorkspaceFolder}/.devcontainer,readonly"]\n}\n',
    },
    {
      bad: '{\n  "image": «"mcr.microsoft.com/devcontainers/base:noble"»,\n  "mounts": ["source=history,target=/history,type=volume"],\n  "postStartCommand": "claude --dangerously-skip-permissions -p \'fix the tests\'"\n}\n',
      fixed:
        '{\n  "image": "mcr.microsoft.com/devcontainers/base:noble",\n  "mounts": ["source=history,target=/history,type=volume", "type=bind,source=${localWorkspaceFolder}/.devcontainer,target=${containerWorkspaceFolder}/.devcontainer,readonly"],\n  "postStartCommand": "claude --dangerously-skip-permissions -p \'fix the tests\'"\n}\n',
      persona: 'default',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "image": «"node:24"»,\n  "mounts": [\n    "type=bind,source=${localWorkspaceFolder}/.vscode,target=/workspaces/app/.vscode,readonly"\n  ]\n}\n',
        '.vscode/tasks.json': '{ "tasks": [] }',
        '.mcp.json': '{}',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "image": "node:24",\n  "mounts": [\n    "type=bind,source=${localWorkspaceFolder}/.vscode,target=/workspaces/app/.vscode,readonly",\n    "type=bind,source=${localWorkspaceFolder}/.devcontainer,target=${containerWorkspaceFolder}/.devcontainer,readonly",\n    "type=bind,source=${localWorkspaceFolder}/.mcp.json,target=${containerWorkspaceFolder}/.mcp.json,readonly"\n  ]\n}\n',
        '.vscode/tasks.json': '{ "tasks": [] }',
        '.mcp.json': '{}',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "dockerComposeFile": "../compose.yaml", "service": "app", "workspaceFolder": "/app" }\n',
        'compose.yaml': 'services:\n  app:\n    image: «node:24»\n    volumes:\n      - .:/app\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{ "dockerComposeFile": "../compose.yaml", "service": "app", "workspaceFolder": "/app" }\n',
        'compose.yaml':
          'services:\n  app:\n    image: node:24\n    volumes:\n      - .:/app\n      - ./.devcontainer:/app/.devcontainer:ro\n',
      },
    },
  ],
  good: [
    '{ "image": "node:24", "workspaceMount": "source=code,target=/workspace,type=volume", "workspaceFolder": "/workspace" }',
    '{ "image": "node:24", "workspaceMount": "", "workspaceFolder": "/workspace" }',
    '{ "image": "node:24", "workspaceMount": "source=${localWorkspaceFolder},target=/workspace,type=bind,readonly", "workspaceFolder": "/workspace" }',
    '{ "image": "node:24", "mounts": ["type=tmpfs,target=${containerWorkspaceFolder}/.devcontainer"] }',
    '{ "name": "not a container" }',
  ],
  mayShow: ({ container }) => container.posture.unattended.length > 0,
  *check({ document, container }, project) {
    if (!hasWritableWorkspace(document, container)) return;
    const root = projectRootOf(container.file.path);
    const open = listObeyed(root, project).filter((path) => !isCovered(container, path));
    if (!open.some((path) => path.startsWith('.devcontainer'))) return;
    yield {
      place: placeOfContainer(container),
      message: `code in the container can change what the host runs later: ${open.join(', ')}`,
      ...(container.posture.unattended.length > 0 && { severity: 'warning', persona: 'default' }),
      fixes: () =>
        offerFix(
          'mount it read-only over the workspace',
          'these are edited on the host only; each has to exist, and what saves a single file by renaming fails on it',
          addOverlays(container, open),
        ),
    };
  },
};

/** All of them in one list, whose edits would stand in one place. */
function addOverlays(container: Container, paths: readonly string[]): readonly Edit[] {
  const mounts = paths.map((path) => ({
    source: `\${localWorkspaceFolder}/${path}`,
    target: `\${containerWorkspaceFolder}/${path}`,
  }));
  return container.addReadOnly(mounts);
}

/** The tools bind the workspace by themselves unless `workspaceMount` says otherwise; with compose its files do. */
function hasWritableWorkspace({ root }: JsonDocument, { source, mounts }: Container): boolean {
  if (source === 'none') return false;
  if (source !== 'compose' && !member(root, 'workspaceMount')) return true;
  return mounts.some(
    ({ syntax, value: { type, host, readOnly } }) =>
      type === 'bind' &&
      !readOnly &&
      (syntax === 'workspaceMount' || (host?.base === 'workspace' && host.segments.length === 0)),
  );
}

/** Something read-only, or something else than the host's files, lies over it. */
function isCovered({ mounts }: Container, path: string): boolean {
  const steps = path.split('/');
  const ends = steps.map((_, index) => `/${steps.slice(0, index + 1).join('/')}`);
  return mounts.some((mount) => isOverlay(mount) && ends.some((end) => targetOf(mount).endsWith(end)));
}

function isOverlay({ syntax, value: { readOnly, type } }: DeclaredMount): boolean {
  return syntax !== 'workspaceMount' && (readOnly || type !== 'bind');
}

function targetOf({ value: { target = '' } }: DeclaredMount): string {
  return target.replace(/\/+$/, '');
}
