import type { Declared, EngineOption } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import type { Report, Rule } from '../../core/rule.js';

export const noRiskyRuntimeOption: Rule<'container'> = {
  id: 'no-risky-runtime-option',
  on: 'container',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  summary: 'Leave out options that loosen the walls of a container',
  why: 'Each of these takes a small piece out of the isolation: the mounts of another container, mounts that spread to the host, limits that no longer hold, groups that own the engine or the disks.',
  references: [
    'https://docs.docker.com/reference/cli/docker/container/run/',
    'https://docs.docker.com/engine/storage/bind-mounts/#configure-bind-propagation',
    'https://cwe.mitre.org/data/definitions/250.html',
  ],
  examples: [
    option('"--volumes-from", «"db"»'),
    option('«"--volumes-from=db:ro"»'),
    option('«"-v=${localWorkspaceFolder}/mnt:/mnt:rshared"»'),
    option('"--mount", «"type=bind,source=${localWorkspaceFolder}/mnt,target=/mnt,bind-propagation=shared"»'),
    option('«"--cgroup-parent=/"»'),
    option('"--sysctl", «"net.ipv4.conf.all.route_localnet=1"»'),
    option('«"--sysctl=kernel.randomize_va_space=0"»'),
    option('«"--oom-kill-disable"»'),
    option('«"--pids-limit=-1"»'),
    option('"--group-add", «"docker"»'),
    option('"--runtime", «"mine"»'),
    option('«"--security-opt=credentialspec=file://spec.json"»'),
    {
      ...option('"--link", «"db:db"»'),
      persona: 'pedantic',
    },
    {
      ...option('«"--add-host=host.docker.internal:host-gateway"»'),
      persona: 'pedantic',
    },
    {
      ...option('"--tmpfs", «"/tmp:rw,exec"»'),
      persona: 'pedantic',
    },
    {
      bad: '{\n  "image": "node:24",\n  "mounts": [«"type=bind,source=${localWorkspaceFolder}/m,target=/m,bind-propagation=rshared"»]\n}\n',
      fixed: '{\n  "image": "node:24"\n}\n',
    },
  ],
  good: [
    '{ "image": "node:24", "runArgs": ["--init", "--rm", "--name", "x", "--shm-size=1g", "--ulimit=nofile=1024", "--pids-limit", "500", "--group-add", "video"] }',
    '{ "image": "node:24", "runArgs": ["-v", "a:/a:private", "--mount=type=bind,source=/srv/x,target=/x,bind-propagation=rslave", "--sysctl=net.ipv6.conf.all.disable_ipv6=1", "--runtime=nvidia", "--runtime", "runsc", "--oom-kill-disable=false", "--tmpfs=/tmp"] }',
    '{ "dockerComposeFile": "compose.yaml", "service": "a", "runArgs": ["--pids-limit=-1"] }',
    '{ "image": "node:24", "runArgs": ["--tmpfs=/tmp:exec,nosuid,nodev,size=1g"] }',
    '{ "image": "node:24", "runArgs": ["--add-host=host.docker.internal:host-gateway"], "postStartCommand": "sudo iptables -P OUTPUT DROP" }',
    '{ "image": "node:24", "runArgs": ["--sysctl", "net.core.somaxconn=1024", "--sysctl=kernel.shmmax=68719476736", "--sysctl=net.ipv4.ip_unprivileged_port_start=0"] }',
  ],
  mayShow: ({ options, mounts }) => options.length > 0 || mounts.length > 0,
  *check({ options, mounts, firewall }) {
    for (const declared of options) {
      const report = judge(declared.value);
      // A firewall that is wired in decides what of the host can be reached, whatever its name.
      if (report && !(firewall && declared.value.name === '--add-host')) yield toReport(declared, report);
    }
    for (const mount of mounts)
      if (mount.syntax === 'mounts' && spreads(textAt(mount)))
        yield toReport(mount, {
          message: `mounts ${mount.value.source} so that mounts inside spread to the host`,
        });
  },
};

type Judgement = Pick<Report, 'message' | 'severity' | 'persona' | 'confidence'>;

function toReport(declared: Declared<unknown>, judged: Judgement): Report {
  return {
    place: declared.place,
    ...judged,
    fixes: () => offerFix('remove it', 'what relies on it has to be done in another way', declared.remove()),
  };
}

function textAt({ place: { file, at } }: Declared<unknown>): string {
  return file.text.slice(at.start, at.end);
}

const wish = { severity: 'info', persona: 'pedantic' } as const;
const knownRuntimes =
  /^(?:runc|crun|youki|runsc(?:-[\w-]+)?|kata[\w-]*|nvidia[\w-]*|sysbox-runc|krun|io\.containerd\.[\w.-]+)$/;

function judge({ name, value = '' }: EngineOption): Judgement | undefined {
  const text = value.trim();
  switch (name) {
    case '--volumes-from':
      return { message: `takes over every mount of the container ${text}` };
    case '--volume':
    case '--mount':
      return spreads(text)
        ? { message: `mounts ${text} so that mounts inside spread to the host` }
        : undefined;
    case '--cgroup-parent':
      return { message: `runs below the control group ${text}, whose limits may be none` };
    case '--sysctl':
      return judgeSysctl(text);
    case '--oom-kill-disable':
      return /^(?:0|f|false)$/i.test(text)
        ? undefined
        : { message: 'is never stopped when memory runs out: the host stops other programs instead' };
    case '--pids-limit':
      return text === '-1' || text === '0'
        ? { message: `may start any number of processes (--pids-limit ${text}): one loop stops the host` }
        : undefined;
    case '--group-add':
      return judgeGroup(text);
    case '--runtime':
      return knownRuntimes.test(text) || text.includes('$')
        ? undefined
        : { message: `runs with ${text}, a runtime that is not known to isolate` };
    case '--security-opt':
      return /^credentialspec[=:]/i.test(text)
        ? { message: `gives the container the identity of a service account of the host (${text})` }
        : undefined;
    default:
      return judgeWish(name, text);
  }
}

function judgeWish(name: string, text: string): Judgement | undefined {
  if (name === '--link') return { message: `joins the container ${text} and copies its variables`, ...wish };
  if (name === '--add-host' && /[:=]host-gateway$/.test(text))
    return { message: `gives the host a name in the container (${text})`, ...wish };
  const options = name === '--tmpfs' ? (text.split(':')[1] ?? '').split(',') : [];
  // Compilers run what they put into /tmp. Who says the rest of the engine's defaults beside `exec` has thought about it.
  const isMeant = options.includes('nosuid') && options.includes('nodev');
  const loose = options.find((one) => (isMeant ? /^(?:suid|dev)$/ : /^(?:exec|suid|dev)$/).test(one));
  return loose === undefined
    ? undefined
    : {
        message: `mounts a tmpfs with ${loose}, which the engine leaves out for a reason (${text})`,
        ...wish,
      };
}

/** What has no namespace is one for the whole host; `route_localnet` opens what listens on 127.0.0.1. */
function judgeSysctl(text: string): Judgement | undefined {
  const [key = '', setting = ''] = text.split('=');
  if (/\.route_localnet$/.test(key) && setting.trim() !== '0')
    return { message: `lets neighbours reach what listens on 127.0.0.1 (${text})` };
  return /^(?:kernel\.(?!msg|sem$|shm)|vm\.|fs\.(?!mqueue\.))/.test(key)
    ? { message: `changes ${key}, which is one setting for the host and all its containers` }
    : undefined;
}

function judgeGroup(text: string): Judgement | undefined {
  const group = text.toLowerCase();
  return /^(?:0|root|docker|podman|disk|lxd|libvirt|shadow)$/.test(group)
    ? { message: `puts the user into the group ${text}, which owns more than the user should` }
    : undefined;
}

function spreads(text: string): boolean {
  return /(?:bind-propagation=|:(?:[\w,]*,)?)r?shared(?=$|[,"])/i.test(text);
}

function option(args: string) {
  return {
    bad: `{\n  "image": "node:24",\n  "runArgs": ["--init", ${args}]\n}\n`,
    fixed: '{\n  "image": "node:24",\n  "runArgs": ["--init"]\n}\n',
  };
}
