import type { AgentSettings } from '../../agents/agent-settings.js';
import { breadthOf } from '../../agents/shell-breadth.js';
import { offerFix } from '../../container/fixes.js';
import { classifyMount } from '../../container/mount-risk.js';
import type { Report, Rule } from '../../core/rule.js';
import { elements, type JsonNode, member, placeOf, stringValue } from '../../documents/json.js';
import { removeSettings, setSetting } from '../../documents/settings.js';

export const noSandboxWeakening: Rule<'agent-settings'> = {
  id: 'no-sandbox-weakening',
  on: 'agent-settings',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: "Do not open Claude Code's sandbox from a repository",
  why: 'The sandbox is what holds a command that injected text has asked for. A repository that switches it off, or lets an interpreter or the container engine run outside of it, does so for everybody who opens it.',
  references: [
    'https://code.claude.com/docs/en/sandboxing',
    'https://cwe.mitre.org/data/definitions/693.html',
    'https://attack.mitre.org/techniques/T1562/',
  ],
  examples: [
    {
      bad: { '.claude/settings.json': '{\n  "model": "opus",\n  "sandbox": { "enabled": «false» }\n}\n' },
      fixed: { '.claude/settings.json': '{\n  "model": "opus"\n}\n' },
    },
    {
      bad: {
        '.claude/settings.json':
          '{\n  "sandbox": {\n    "enabled": true,\n    "allowUnsandboxedCommands": false,\n    "failIfUnavailable": true,\n    "excludedCommands": ["git", «"docker *"»],\n    "network": { "allowedDomains": ["registry.npmjs.org", «"*"»] }\n  }\n}\n',
      },
      fixed: {
        '.claude/settings.json':
          '{\n  "sandbox": {\n    "enabled": true,\n    "allowUnsandboxedCommands": false,\n    "failIfUnavailable": true,\n    "excludedCommands": ["git"],\n    "network": { "allowedDomains": ["registry.npmjs.org"] }\n  }\n}\n',
      },
    },
    {
      bad: {
        '.claude/settings.json': '{\n  "sandbox": { "enabled": «true», "failIfUnavailable": true }\n}\n',
      },
      fixed: {
        '.claude/settings.json':
          '{\n  "sandbox": { "enabled": true, "failIfUnavailable": true, "allowUnsandboxedCommands": false }\n}\n',
      },
    },
  ],
  good: [
    {
      '.claude/settings.json':
        '{ "sandbox": { "enabled": true, "allowUnsandboxedCommands": false, "enableWeakerNestedSandbox": true, "excludedCommands": ["git", "gh *"], "filesystem": { "allowWrite": ["./build", "~/.cache/app"] }, "network": { "allowedDomains": ["*.npmjs.org"] } } }',
    },
    { '.claude/settings.local.json': '{ "sandbox": { "enabled": false } }' },
  ],
  *check(settings) {
    if (settings.agent !== 'claude' || settings.image?.judged.isIsolated()) return;
    const { document, scope } = settings;
    const sandbox = member(document.root, 'sandbox')?.value;
    const network = member(sandbox, 'network')?.value;
    const files = member(sandbox, 'filesystem')?.value;
    const enabled = member(sandbox, 'enabled')?.value;
    if (enabled?.value === false && scope !== 'personal')
      yield finding(settings, enabled, 'switches the sandbox off (sandbox.enabled false)');
    for (const node of elements(member(sandbox, 'excludedCommands')?.value)) {
      const report = judgeExcluded(settings, node);
      if (report) yield report;
    }
    for (const [holder, key] of [
      [sandbox, 'allowAllUnixSockets'] as const,
      [network, 'allowAllUnixSockets'] as const,
    ]) {
      const sockets = member(holder, key)?.value;
      if (sockets?.value === true)
        yield finding(
          settings,
          sockets,
          "lets commands reach every socket, the container engine's and the key agent's too",
        );
    }
    for (const node of elements(member(network, 'allowedDomains')?.value))
      if (/^\*(?:\.\*)*$/.test(stringValue(node) ?? ''))
        yield finding(settings, node, 'lets commands reach every host (sandbox.network.allowedDomains *)');
    for (const node of elements(member(files, 'allowWrite')?.value))
      if (/^(?:\/{1,2}|~|\$HOME)\/?(?:\*\*?)?$/.test(stringValue(node) ?? ''))
        yield finding(
          settings,
          node,
          `lets commands write everywhere (sandbox.filesystem.allowWrite ${stringValue(node)})`,
        );
    const open = member(files, 'disabled')?.value;
    // A project's own file has no say here.
    if (open?.value === true && scope !== 'project')
      yield finding(settings, open, 'takes the limits on files away (sandbox.filesystem.disabled)');
    if (sandbox && enabled?.value === true) yield* checkGaps(settings, sandbox, enabled);
  },
};

function finding({ document }: AgentSettings, node: JsonNode, message: string): Report {
  return {
    place: placeOf(document, node),
    message,
    fixes: offerFix('remove it', 'commands that relied on it ask, or fail', removeSettings(document, [node])),
  };
}

function judgeExcluded(settings: AgentSettings, node: JsonNode): Report | undefined {
  const text = stringValue(node)?.trim() ?? '';
  const breadth = breadthOf(/\*$/.test(text) ? text.replace(/\s*:?\*$/, ' *') : `${text} *`);
  if (text === '' || !breadth || breadth.level === 'builder') return undefined;
  const message = `lets ${text} run outside of the sandbox: ${breadth.reason}`;
  const socket = settings.containers
    .flatMap(({ container }) => container.mounts)
    .find(({ value }) => classifyMount(value)?.question === 'runtime');
  if (!socket || !/^(?:docker|podman)\b/.test(text)) return finding(settings, node, message);
  return {
    ...finding(settings, node, `${message}, and the container has its socket`),
    severity: 'error',
    related: [{ place: socket.place, message: "the engine's socket is mounted here" }],
  };
}

function* checkGaps({ document }: AgentSettings, sandbox: JsonNode, enabled: JsonNode): Iterable<Report> {
  const unsandboxed = member(sandbox, 'allowUnsandboxedCommands')?.value;
  if (unsandboxed?.value !== false)
    yield {
      place: placeOf(document, unsandboxed ?? enabled),
      message:
        'the agent may ask to run a command outside of the sandbox (allowUnsandboxedCommands is not false)',
      severity: 'info',
      fixes: offerFix(
        'set allowUnsandboxedCommands to false',
        'what does not work in the sandbox does not run',
        setSetting(document, sandbox, 'allowUnsandboxedCommands', false),
      ),
    };
  if (member(sandbox, 'failIfUnavailable')?.value.value !== true)
    yield {
      place: placeOf(document, member(sandbox, 'failIfUnavailable')?.value ?? enabled),
      message:
        'commands run without a sandbox where its programs are missing (failIfUnavailable is not true)',
      severity: 'info',
      persona: 'pedantic',
      fixes: offerFix(
        'set failIfUnavailable to true',
        'where the sandbox cannot start, no command runs',
        setSetting(document, sandbox, 'failIfUnavailable', true),
      ),
    };
}
