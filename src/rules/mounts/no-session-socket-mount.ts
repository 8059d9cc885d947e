import type { Container, DeclaredMount } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { classifyMount } from '../../container/mount-risk.js';
import type { Rule } from '../../core/rule.js';

export const noSessionSocketMount: Rule<'container'> = {
  id: 'no-session-socket-mount',
  on: 'container',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: "Keep the sockets of the host user's session out of the container",
  why: "Through the agent's socket anything in the container signs with the user's keys for as long as it runs, without ever seeing them; through the session bus, a terminal or the screen it acts as the person at the host.",
  references: [
    'https://man7.org/linux/man-pages/man1/ssh-agent.1.html',
    'https://attack.mitre.org/techniques/T1563/001/',
    'https://cwe.mitre.org/data/definitions/668.html',
  ],
  examples: [
    {
      bad: '{\n  "mounts": [«"source=${localEnv:SSH_AUTH_SOCK},target=/ssh-agent,type=bind"»],\n  "remoteEnv": { "SSH_AUTH_SOCK": "/ssh-agent" },\n  "remoteUser": "node"\n}\n',
      fixed: '{\n  "remoteUser": "node"\n}\n',
    },
    { bad: '{\n  "runArgs": [«"--volume=/run/user/1000/bus:/run/bus"»]\n}\n', fixed: '{}\n' },
    {
      bad: '{\n  "mounts": [\n    { "type": "volume", "source": "cache", "target": "/cache" },\n    «{ "type": "bind", "source": "/tmp/.X11-unix", "target": "/tmp/.X11-unix" }»\n  ]\n}\n',
      fixed: '{\n  "mounts": [\n    { "type": "volume", "source": "cache", "target": "/cache" }\n  ]\n}\n',
    },
    { bad: '{\n  "mounts": [«"type=bind,src=/tmp,dst=/tmp"»]\n}\n', fixed: '{}\n' },
  ],
  good: [
    '{ "remoteEnv": { "SSH_AUTH_SOCK": "" } }',
    '{ "containerEnv": { "DISPLAY": "${localEnv:DISPLAY}" } }',
    '{ "remoteEnv": { "SSH_AUTH_SOCK": "/home/node/agent.sock" } }',
    '{ "mounts": ["type=bind,source=/tmp/myproject,target=/data"] }',
    '{ "mounts": ["type=tmpfs,target=/tmp"] }',
    '{ "mounts": ["type=volume,source=tmp,target=/tmp"] }',
  ],
  mayShow: ({ mounts }) => mounts.length > 0,
  *check(container) {
    for (const mount of container.mounts) {
      const risk = classifyMount(mount.value);
      if (risk?.question !== 'session') continue;
      yield {
        place: mount.place,
        message: `mounts ${risk.path} of the host: ${risk.what}`,
        severity: risk.severity,
        fixes: () =>
          offerFix(
            'remove the mount',
            'the programs that use it must sign in inside, with a key made for this container',
            withVariable(container, mount),
          ),
      };
    }
  },
};

/** Takes the variable along that points at the mount, where both can be edited without touching each other. */
function withVariable(container: Container, mount: DeclaredMount) {
  const variables = container.environment.filter(
    ({ value, syntax }) =>
      value.value !== undefined && value.value === mount.value.target && syntax !== mount.syntax,
  );
  const [variable, ...others] = variables;
  if (!variable || others.length > 0) return mount.remove();
  return [...mount.remove(), ...variable.remove()];
}
