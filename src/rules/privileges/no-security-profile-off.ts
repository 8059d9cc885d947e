import type { Declared, SecurityOption } from '../../container/container.js';
import { offerRemoval } from '../../container/fixes.js';
import { whyIdleOption } from '../../container/redundant.js';
import type { Project, Report, Rule } from '../../core/rule.js';

export const noSecurityProfileOff: Rule<'container'> = {
  id: 'no-security-profile-off',
  on: 'container',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Keep the system call filter and the access policy of the container engine on',
  why: 'The default profiles refuse the system calls and kernel files that escapes from containers begin with; without them one kernel bug, or root inside, is enough to reach the host.',
  references: [
    'https://docs.docker.com/engine/security/seccomp/',
    'https://docs.docker.com/engine/security/apparmor/',
    'https://docs.docker.com/reference/cli/docker/container/run/#security-opt',
    'https://cwe.mitre.org/data/definitions/693.html',
  ],
  examples: [
    {
      bad: '{\n  "capAdd": ["SYS_PTRACE"],\n  "securityOpt": [«"seccomp=unconfined"»]\n}\n',
      fixed: '{\n  "capAdd": ["SYS_PTRACE"]\n}\n',
    },
    {
      bad: '{\n  "runArgs": ["--security-opt", «"apparmor:unconfined"», "--security-opt=no-new-privileges"]\n}\n',
      fixed: '{\n  "runArgs": ["--security-opt=no-new-privileges"]\n}\n',
    },
    { bad: '{\n  "runArgs": [«"--security-opt=label=disable"»]\n}\n', fixed: '{}\n' },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "securityOpt": [«"seccomp=${localWorkspaceFolder}/.devcontainer/open.json"»]\n}\n',
        '.devcontainer/open.json': '{ "defaultAction": "SCMP_ACT_ALLOW" }\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{}\n',
        '.devcontainer/open.json': '{ "defaultAction": "SCMP_ACT_ALLOW" }\n',
      },
    },
  ],
  good: [
    '{ "securityOpt": ["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"] }',
    '{ "securityOpt": ["seccomp=builtin", "label=type:container_t"] }',
    '{ "runArgs": ["--security-opt", "seccomp=.devcontainer/strict.json"] }',
    '{ "runArgs": ["--name=seccomp=unconfined"] }',
  ],
  mayShow: ({ securityOptions }) => securityOptions.length > 0,
  *check(container, project) {
    for (const option of container.securityOptions) {
      const judged = judge(option, project);
      if (!judged) continue;
      yield {
        place: option.place,
        ...judged,
        fixes: () =>
          offerRemoval(
            `remove ${show(option.value)}`,
            option.value.name === 'seccomp'
              ? 'debuggers go on working: the default filter allows ptrace'
              : 'programs that the default policy refuses stop working',
            option.remove(),
            whyIdleOption(container, option),
          ),
      };
    }
  },
};

type Judgement = Pick<Report, 'message' | 'severity' | 'persona'>;

function judge(option: Declared<SecurityOption>, project: Project): Judgement | undefined {
  const { name, value } = option.value;
  const lost = whatIsLost(option.value);
  if (lost) {
    const message = `${show(option.value)} turns ${lost} off`;
    // A language Feature or an image brings it along: nobody here decided it.
    const inherited = option.syntax === 'features' || option.syntax === 'image';
    return inherited ? { message, severity: 'info', persona: 'pedantic' } : { message };
  }
  if (
    !['seccomp', 'apparmor'].includes(name) ||
    ['', 'builtin', 'default', 'docker-default'].includes(value)
  ) {
    return undefined;
  }
  if (name === 'seccomp' && allowsByDefault(value, project)) {
    return { message: `the seccomp profile ${value} allows every system call that it does not name` };
  }
  return { message: `uses the ${name} profile ${value}`, severity: 'info', persona: 'pedantic' };
}

function whatIsLost({ name, value }: SecurityOption): string | undefined {
  const setting = `${name}=${value}`.toLowerCase();
  if (setting === 'seccomp=unconfined') return 'the system call filter';
  if (setting === 'apparmor=unconfined') return 'the AppArmor policy';
  if (setting === 'label=disable' || setting === 'label=type:spc_t') return 'the SELinux policy';
  if (setting === 'systempaths=unconfined' || name === 'unmask') return 'the cover over kernel files';
  return setting === 'no-new-privileges=false' ? 'the ban on new privileges' : undefined;
}

function show({ name, value }: SecurityOption): string {
  return value === '' ? name : `${name}=${value}`;
}

function allowsByDefault(path: string, project: Project): boolean {
  const result = project.read(path.replace(/^\$\{localWorkspaceFolder\}\//, ''));
  if (!('file' in result)) return false;
  try {
    const profile: unknown = JSON.parse(result.file.text);
    const action =
      profile && typeof profile === 'object' && 'defaultAction' in profile && profile.defaultAction;
    return action === 'SCMP_ACT_ALLOW' || action === 'SCMP_ACT_LOG';
  } catch {
    return false;
  }
}
