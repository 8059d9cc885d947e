import type { Container, EngineOption } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { isCreatedHere, placeOfContainer } from '../../container/place.js';
import type { Rule } from '../../core/rule.js';

export const requireRuntimeHardening: Rule<'container'> = {
  id: 'require-runtime-hardening',
  on: 'container',
  severity: 'info',
  confidence: 'high',
  persona: 'pedantic',
  summary: 'Limit what a container takes of its host',
  why: 'A process that multiplies or eats memory, by mistake or on purpose, stops the host and whatever else runs there. A root file system that cannot be written leaves a planted program no place outside of the folders that are meant to change.',
  references: [
    'https://docs.docker.com/engine/containers/resource_constraints/',
    'https://docs.docker.com/reference/cli/docker/container/run/#read-only',
    'https://cwe.mitre.org/data/definitions/770.html',
  ],
  examples: [
    {
      bad: '{\n  "image": «"node:24"»\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "runArgs": ["--pids-limit=4096", "--memory=8g", "--cpus=4", "--read-only", "--tmpfs=/tmp", "--tmpfs=/run"]\n}\n',
    },
    {
      bad: '{\n  "image": «"node:24"»,\n  "runArgs": [\n    "--memory=4g", "--cpus", "2",\n    "--pids-limit=-1",\n    "--read-only"\n  ]\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "runArgs": [\n    "--memory=4g", "--cpus", "2",\n    "--pids-limit=-1",\n    "--read-only",\n    "--pids-limit=4096"\n  ]\n}\n',
    },
    {
      bad: '{\n  "image": «"node:24"»,\n  "hostRequirements": { "cpus": 4, "memory": "8gb" },\n  "runArgs": ["--pids-limit=500", "--read-only"]\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "hostRequirements": { "cpus": 4, "memory": "8gb" },\n  "runArgs": ["--pids-limit=500", "--read-only", "--memory=8g", "--cpus=4"]\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: «node:24»\n    pids_limit: -1\n    read_only: false\n    deploy: { resources: { limits: { cpus: "2" } } }\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: node:24\n    pids_limit: 4096\n    read_only: true\n    deploy: { resources: { limits: { cpus: "2" } } }\n    mem_limit: 8g\n    tmpfs:\n      - /tmp\n      - /run\n',
      },
    },
  ],
  good: [
    '{ "image": "node:24", "runArgs": ["--pids-limit", "500", "-m", "4g", "--cpu-quota=200000", "--read-only", "--tmpfs", "/tmp"] }',
    '{ "name": "not a container" }',
  ],
  *check(container) {
    const missing = isCreatedHere(container) ? findMissing(container) : [];
    if (missing.length === 0) return;
    yield {
      place: placeOfContainer(container),
      message: `the container has ${missing.map(({ what }) => what).join(', ')}`,
      fixes: () =>
        offerFix(
          'set what is missing',
          missing.some(({ what }) => what === writable.what)
            ? 'the numbers are a guess; what is installed at run time needs a volume or tmpfs to lie in'
            : 'the numbers are a guess: a build that needs more is killed',
          container.addOptions(missing.flatMap(({ add }) => add)),
        ),
    };
  },
};

interface Bound {
  readonly what: string;
  readonly names: readonly string[];
  readonly add: readonly EngineOption[];
}

const writable: Bound = {
  what: 'a root file system that can be written',
  names: ['--read-only'],
  add: [
    { name: '--read-only', value: undefined },
    { name: '--tmpfs', value: '/tmp' },
    { name: '--tmpfs', value: '/run' },
  ],
};
const bounds: readonly Bound[] = [
  { what: 'no limit for processes', names: ['--pids-limit'], add: [{ name: '--pids-limit', value: '4096' }] },
  { what: 'no limit for memory', names: ['--memory'], add: [{ name: '--memory', value: '8g' }] },
  {
    what: 'no limit for processors',
    names: ['--cpus', '--cpu-quota', '--cpuset-cpus'],
    add: [{ name: '--cpus', value: '4' }],
  },
  writable,
];

/** What no option bounds; of several the last one counts, and 0 and -1 mean no bound. */
function findMissing({ options }: Container): readonly Bound[] {
  return bounds.filter(({ names }) => {
    const last = options.findLast(({ value }) => names.includes(value.name));
    return !last || /^(?:0|-1|f|false)$/i.test(last.value.value?.trim() ?? 'true');
  });
}
