import type { DeclaredMount } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { joinFolder } from '../../container/paths.js';
import { namesIn } from '../../core/listing.js';
import type { Project, Report, Rule } from '../../core/rule.js';
import { projectRootOf } from '../../documents/kinds.js';

export const noWorkspaceEscapeMount: Rule<'container'> = {
  id: 'no-workspace-escape-mount',
  on: 'container',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Mount the workspace, not the folder that it lies in',
  why: 'Beside the project lie the others, with their secrets, their git hooks and the tasks of their editors. Code in the container reads them all, and what it writes there runs on the host when somebody works on that other project.',
  references: [
    'https://containers.dev/implementors/json_reference/#image-specific',
    'https://docs.docker.com/engine/storage/bind-mounts/',
    'https://cwe.mitre.org/data/definitions/668.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "workspaceMount": «"source=${localWorkspaceFolder}/..,target=/workspaces,type=bind"»,\n  "workspaceFolder": "/workspaces/app"\n}\n',
      fixed: '{\n  "image": "node:24",\n  "workspaceFolder": "/workspaces/app"\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "mounts": [\n    «"type=bind,src=${localWorkspaceFolder}/../../,dst=/all"»,\n    "source=a,target=/a,type=volume"\n  ]\n}\n',
      fixed: '{\n  "image": "node:24",\n  "mounts": [\n    "source=a,target=/a,type=volume"\n  ]\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "runArgs": ["-v", «"${localWorkspaceFolder}/x/../..:/up"», "--init"]\n}\n',
      fixed: '{\n  "image": "node:24",\n  "runArgs": ["--init"]\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "mounts": [«{ "type": "bind", "source": "${localWorkspaceFolder}/../shared", "target": "/shared" }»]\n}\n',
      fixed: '{\n  "image": "node:24"\n}\n',
      persona: 'pedantic',
    },
  ],
  good: [
    '{ "image": "node:24", "workspaceMount": "source=${localWorkspaceFolder},target=/w,type=bind", "workspaceFolder": "/w" }',
    '{ "image": "node:24", "mounts": ["source=${localWorkspaceFolder}/a/..,target=/a,type=bind"] }',
    {
      'packages/web/.devcontainer/devcontainer.json':
        '{ "image": "node:24", "workspaceMount": "source=${localWorkspaceFolder}/../..,target=/w,type=bind", "workspaceFolder": "/w/packages/web" }',
      '.git/config': '',
    },
    {
      'templates/app/devcontainer/devcontainer.json':
        '{ "dockerComposeFile": "compose.yaml", "service": "app" }',
      'templates/app/devcontainer/compose.yaml':
        'services:\n  app:\n    image: ghcr.io/example/app:1\n    volumes: ["..:/workspace"]\n',
    },
  ],
  mayShow: ({ mounts }) => mounts.length > 0,
  *check({ mounts, file }, project) {
    for (const mount of mounts) {
      const report = judge(mount, projectRootOf(file.path), project);
      if (report)
        yield {
          place: mount.place,
          ...report,
          fixes: () =>
            offerFix(
              'remove the mount',
              mount.syntax === 'workspaceMount'
                ? 'the workspace is mounted alone, below /workspaces; adapt workspaceFolder'
                : 'what the container needs from there has to be mounted by its name',
              mount.remove(),
            ),
        };
    }
  },
};

function judge(
  { value: { host, source = '', type } }: DeclaredMount,
  root: string,
  project: Project,
): Pick<Report, 'message' | 'severity' | 'persona'> | undefined {
  if (type !== 'bind' || host?.base !== 'workspace' || host.up === 0) return undefined;
  if (host.segments.length > 0)
    return {
      message: `mounts ${source}, which lies beside the workspace`,
      severity: 'info',
      persona: 'pedantic',
    };
  if (isRepository(root, host.up, project)) return undefined;
  return {
    message: `mounts ${source}, ${host.up === 1 ? 'the folder' : `${host.up} folders`} above the workspace: every project beside it comes along`,
  };
}

/** The folder that Git tracks, of a workspace that is a part of it: that is what the tools mount too. */
function isRepository(root: string, up: number, project: Project): boolean {
  const folder = joinFolder(root, ...Array.from({ length: up }, () => '..'));
  return folder !== undefined && namesIn(project, folder).includes('.git');
}
