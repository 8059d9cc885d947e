import type { Device } from '../../container/container.js';
import { gradeDevice } from '../../container/device-levels.js';
import { offerFix } from '../../container/fixes.js';
import type { Grade } from '../../container/path-catalogue.js';
import type { Report, Rule } from '../../core/rule.js';

export const noHostDevice: Rule<'container'> = {
  id: 'no-host-device',
  on: 'container',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not pass disks, memory, keyboards or security keys of the host into the container',
  why: "With a disk of the host, root in the container reads and writes every file on it, whatever is mounted; with its memory, keyboard or a security key it takes over the running system or the user's logins.",
  references: [
    'https://docs.docker.com/reference/cli/docker/container/run/#device',
    'https://docs.docker.com/reference/cli/docker/container/run/#device-cgroup-rule',
    'https://attack.mitre.org/techniques/T1611/',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "runArgs": [«"--device=/dev/sda:/dev/sda:r"»]\n}\n',
      fixed: '{\n  "image": "node:24"\n}\n',
    },
    {
      bad: '{\n  "runArgs": ["--device", «"/dev/bus/usb"», "--init"]\n}\n',
      fixed: '{\n  "runArgs": ["--init"]\n}\n',
    },
    { bad: '{\n  "runArgs": [«"--device-cgroup-rule=c *:* rmw"»]\n}\n', fixed: '{}\n' },
  ],
  good: [
    '{ "hostRequirements": { "gpu": true } }',
    '{ "runArgs": ["--gpus", "all"] }',
    '{ "runArgs": ["--device=/dev/null", "--device=/dev/net/tun"] }',
    '{ "runArgs": ["--device=/dev/kvm", "--device=/dev/ttyUSB0"] }',
    '{ "runArgs": ["--device-cgroup-rule=c 188:* rmw"] }',
    '{ "runArgs": ["--device-read-bps", "/dev/sda:1mb"] }',
  ],
  mayShow: ({ devices }) => devices.length > 0,
  *check(container) {
    for (const device of container.devices) {
      const judged = judge(device.value);
      if (!judged) continue;
      yield {
        place: device.place,
        ...judged,
        fixes: () =>
          offerFix(titleOf(device.value), 'programs inside no longer see the device', device.remove()),
      };
    }
  },
};

type Judgement = Pick<Report, 'message' | 'severity' | 'persona'>;

function titleOf({ kind, value }: Device): string {
  if (kind === 'gpus') return `remove --gpus=${value}`;
  return kind === 'device' ? `remove the device ${value}` : `remove the device rule '${value}'`;
}

function judge({ kind, value }: Device): Judgement | undefined {
  if (kind === 'gpus') return grade('pedantic', `passes graphics processors of the host: ${value}`);
  if (kind === 'cgroup-rule') return judgeRule(value);
  // A tunnel device belongs to the network of the container.
  if (value.startsWith('/dev/net/tun')) return undefined;
  const level = gradeDevice(value);
  return grade(level.grade, `passes ${value} of the host: ${level.what}`);
}

/** `c 188:* rmw`: type, major and minor number, access. */
function judgeRule(value: string): Judgement | undefined {
  const [type = '', numbers = ''] = value.trim().split(/\s+/);
  const major = numbers.split(':')[0];
  const message = `allows devices of the host: ${value}`;
  return grade(type === 'a' || type === 'b' || major === '*' ? 'error' : 'pedantic', message);
}

function grade(level: Grade, message: string): Judgement | undefined {
  if (level === 'none') return undefined;
  return level === 'pedantic'
    ? { message, severity: 'info', persona: 'pedantic' }
    : { message, severity: level };
}
