import type { DeclaredMount } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { classifyMount, type MountRisk } from '../../container/mount-risk.js';
import type { Fix, Rule } from '../../core/rule.js';

export const noSystemPathMount: Rule<'container'> = {
  id: 'no-system-path-mount',
  on: 'container',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: "Do not mount the host's system folders",
  why: 'A scheduled job, a program or a kernel setting written into a mounted system folder is run by root of the host; accounts, logs and kernel interfaces that are only readable still tell an attacker how to go on.',
  references: [
    'https://docs.docker.com/engine/storage/bind-mounts/',
    'https://attack.mitre.org/techniques/T1611/',
    'https://cwe.mitre.org/data/definitions/668.html',
  ],
  examples: [
    {
      bad: '{\n  "mounts": [«"type=bind,source=/etc/cron.d,target=/etc/cron.d"»]\n}\n',
      fixed: '{}\n',
    },
    {
      bad: '{\n  "runArgs": ["-v", «"/lib/modules:/lib/modules"»]\n}\n',
      fixed: '{\n  "runArgs": ["-v", "/lib/modules:/lib/modules:ro"]\n}\n',
    },
    { bad: '{\n  "runArgs": ["-v", «"/dev:/dev"», "--init"]\n}\n', fixed: '{\n  "runArgs": ["--init"]\n}\n' },
    { bad: '{\n  "mounts": [«"type=bind,source=/sys,target=/host/sys,readonly"»]\n}\n', fixed: '{}\n' },
  ],
  good: [
    '{ "mounts": ["type=bind,source=/etc/localtime,target=/etc/localtime"] }',
    '{ "mounts": ["type=bind,source=/etc/ssl/certs,target=/etc/ssl/certs,readonly"] }',
    '{ "runArgs": ["-v", "/etc/resolv.conf:/etc/resolv.conf", "-v", "/sys/fs/cgroup:/sys/fs/cgroup:ro"] }',
    '{ "mounts": ["type=bind,source=/dev/null,target=/workspaces/.env"] }',
    '{ "mounts": ["type=bind,source=/usr/share/zoneinfo,target=/usr/share/zoneinfo,readonly"] }',
    '{ "mounts": ["type=volume,source=etc,target=/etc"] }',
    '{ "mounts": ["type=bind,source=${localWorkspaceFolder}/etc,target=/etc/app"] }',
    '{ "mounts": ["type=bind,source=/opt/data,target=/data,readonly"] }',
  ],
  mayShow: ({ mounts }) => mounts.length > 0,
  *check(container) {
    for (const mount of container.mounts) {
      const risk = classifyMount(mount.value);
      if (risk?.question !== 'system') continue;
      yield {
        place: mount.place,
        message: `mounts ${risk.path} of the host${mount.value.readOnly ? '' : ' writable'}: ${risk.what}`,
        severity: risk.severity,
        persona: risk.persona,
        fixes: () => listFixes(mount, risk),
      };
    }
  },
};

function listFixes(mount: DeclaredMount, risk: MountRisk): readonly Fix[] {
  const remove = offerFix('remove the mount', 'mount the one file that is needed, read-only', mount.remove());
  const readOnly = offerFix(
    'mount it read-only',
    'programs inside can no longer change it',
    mount.toReadOnly(),
  );
  return risk.whenReadOnly === 'none' ? [...readOnly, ...remove] : [...remove, ...readOnly];
}
