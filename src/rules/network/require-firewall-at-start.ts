import type { Container } from '../../container/container.js';
import { offerEntry } from '../../container/firewall-entry.js';
import type { Firewall } from '../../container/firewall-names.js';
import type { Start } from '../../container/firewall-starts.js';
import { isNeverStarted } from '../../container/firewall-unstarted.js';
import { oncePerPlace } from '../../container/firewall-view.js';
import { offerFix } from '../../container/fixes.js';
import type { Fix, Report, Rule } from '../../core/rule.js';

const config = '.devcontainer/devcontainer.json';
const path = '.devcontainer/init-firewall.sh';
const script = '#!/bin/bash\nset -e\niptables -P OUTPUT DROP\nip6tables -P OUTPUT DROP\n';
const command = 'sudo .devcontainer/init-firewall.sh';
const dockerfile = 'FROM node:24\nCOPY init-firewall.sh /usr/local/bin/\nUSER node\n';

export const requireFirewallAtStart: Rule<'firewall'> = {
  id: 'require-firewall-at-start',
  on: 'firewall',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Set the firewall at every start, before anything else runs',
  why: 'The kernel forgets its rules when the container stops. A firewall that is set once, when the container is made, is gone after the first restart; one that is set late leaves the network open while tools connect and an agent may be at work already.',
  references: [
    'https://containers.dev/implementors/json_reference/#lifecycle-scripts',
    'https://cwe.mitre.org/data/definitions/696.html',
  ],
  examples: [
    {
      bad: {
        [config]: `{\n  "image": "node:24",\n  "postCreateCommand": «"${command}"»\n}\n`,
        [path]: script,
      },
      fixed: {
        [config]: `{\n  "image": "node:24",\n  "postCreateCommand": "${command}",\n  "postStartCommand": "${command}",\n  "waitFor": "postStartCommand"\n}\n`,
        [path]: script,
      },
    },
    {
      bad: {
        [config]: `{\n  "image": "node:24",\n  "postStartCommand": «"${command}"»\n}\n`,
        [path]: script,
      },
      fixed: {
        [config]: `{\n  "image": "node:24",\n  "postStartCommand": "${command}",\n  "waitFor": "postStartCommand"\n}\n`,
        [path]: script,
      },
    },
    {
      bad: {
        [config]:
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "node",\n  "capAdd": ["NET_ADMIN"],\n  "postAttachCommand": «"sudo /usr/local/bin/init-firewall.sh"»\n}\n',
        '.devcontainer/Dockerfile': dockerfile,
        [path]: script,
      },
      fixed: {
        [config]:
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "node",\n  "capAdd": ["NET_ADMIN"],\n  "overrideCommand": false\n}\n',
        '.devcontainer/Dockerfile': `${dockerfile}ENTRYPOINT sudo /usr/local/bin/init-firewall.sh && exec sleep infinity\n`,
        [path]: script,
      },
    },
    {
      bad: {
        [config]: `{\n  "image": "node:24",\n  "waitFor": "postStartCommand",\n  "postStartCommand": { "firewall": «"${command}"», "server": "npm start" }\n}\n`,
        [path]: script,
      },
    },
    {
      bad: {
        [config]: `{\n  "image": "node:24",\n  "remoteUser": "node",\n  "waitFor": "postStartCommand",\n  "postStartCommand": «"bash .devcontainer/init-firewall.sh"»\n}\n`,
        [path]: script,
      },
    },
    {
      bad: {
        [config]: '{\n  "image": "node:24",\n  "postCreateCommand": "npm ci"\n}\n',
        [path]: script.replace(/iptables.*DROP/, '«$&»'),
      },
    },
  ],
  good: [
    {
      [config]: `{ "image": "node:24", "postStartCommand": "${command}", "waitFor": "postStartCommand" }`,
      [path]: script,
    },
    {
      [config]: '{ "build": { "dockerfile": "Dockerfile" }, "overrideCommand": false }',
      '.devcontainer/Dockerfile':
        'FROM node:24\nCOPY init-firewall.sh /usr/local/bin/\nENTRYPOINT ["/usr/local/bin/init-firewall.sh"]\n',
      [path]: script,
    },
    {
      [config]: `{ "image": "node:24", "postCreateCommand": "${command}", "postStartCommand": "${command}", "waitFor": "postStartCommand" }`,
      [path]: script,
    },
    { [config]: '{ "image": "node:24", "postStartCommand": "/usr/local/bin/start.sh" }', [path]: script },
    {
      [config]:
        '{ "image": "node:24", "remoteUser": "node", "postStartCommand": "bash .devcontainer/init-firewall.sh", "waitFor": "postStartCommand" }',
      [path]: script.replace('set -e\n', 'set -e\n[ "$(id -u)" -eq 0 ] || exec sudo "$0"\n'),
    },
    { [path]: script },
  ],
  check: (firewall) => oncePerPlace(check(firewall)),
};

function* check(firewall: Firewall): Iterable<Report> {
  const { starts, container, model } = firewall;
  if (!container) return;
  if (isNeverStarted(firewall)) {
    const first = model.steps.find((step) => 'chain' in step && step.chain.isOutput && !step.isHandler);
    if (first)
      yield {
        place: first.place,
        confidence: 'medium',
        message: `nothing starts this firewall, so it is never set; run it in postStartCommand and set waitFor`,
      };
    return;
  }
  const inFront = starts.filter(({ isBackground }) => !isBackground);
  for (const start of inFront) {
    const report = judgeRights(firewall, start, container);
    if (report) yield report;
  }
  if (inFront.some(({ from }) => from === 'entry')) return;
  const report = judgeTime(inFront, container);
  if (report) yield report;
}

/** When it runs: the best of its starts counts. */
function judgeTime(starts: readonly Start[], container: Container): Report | undefined {
  const [first] = starts;
  const atStart = starts.find(({ from }) => from === 'postStartCommand');
  const late = starts.find(({ from }) => from === 'postAttachCommand');
  if (!first) return undefined;
  if (!atStart && !late)
    return {
      place: first.origin,
      message: `${first.from} runs when the container is made and not when it is started again: the rules are gone then; run it in postStartCommand`,
      fixes: [...offerStart(first, container), ...offerEntry(first, container)],
    };
  const { waitFor } = container.startup;
  const isAwaited = waitFor === 'postStartCommand' || waitFor === 'postAttachCommand';
  if (!atStart)
    return (
      late && {
        place: late.origin,
        severity: 'warning',
        message:
          'postAttachCommand runs when a tool has connected: what it starts may be faster than the firewall; run it in postStartCommand',
        fixes: offerEntry(late, container),
      }
    );
  if (isAwaited && !atStart.isParallel) return undefined;
  const what = [
    ...(isAwaited ? [] : ['tools connect before it has ended, because waitFor does not name it']),
    ...(atStart.isParallel ? ['other commands of the hook run at the same time'] : []),
  ];
  return {
    place: atStart.origin,
    severity: 'warning',
    message: `an agent may run before the firewall is set: ${what.join(', and ')}`,
    fixes: [...(atStart.isParallel ? [] : offerWait(container)), ...offerEntry(atStart, container)],
  };
}

function offerWait(container: Container): Fix[] {
  const edits = container.setProperties({ waitFor: 'postStartCommand' });
  const consequence = 'tools connect some seconds later';
  return edits.length === 0 ? [] : [{ title: 'wait for the firewall', safety: 'safe', consequence, edits }];
}

/** The same command in a hook that is free. */
function offerStart({ origin: { file, at } }: Start, container: Container): Fix[] {
  const isTaken = container.lifecycle.some(({ value }) => value.hook === 'postStartCommand');
  const literal = file.text.slice(at.start, Math.min(at.end, at.start + 400));
  const isPlain = /^"[^"\\\n]{1,390}"$/.test(literal) && file === container.file;
  if (isTaken || !isPlain) return [];
  return offerFix(
    'run it at every start too, and wait for it',
    'what the command does besides runs at every start too',
    container.setProperties({ postStartCommand: literal.slice(1, -1), waitFor: 'postStartCommand' }),
  );
}

/** A hook runs as the remote user. */
function judgeRights({ file }: Firewall, start: Start, container: Container): Report | undefined {
  const { name } = container.user;
  const isRoot = name === undefined || /^(?:root|0)(?::|$)/.test(name);
  if (start.from === 'entry' || start.hasSudo || isRoot) return undefined;
  const texts = [file.text, container.dockerfile?.text ?? ''].map((text) => text.slice(0, 200_000));
  if (texts.some((text) => /\b(?:sudo|doas|setcap|pkexec)\b|\bchmod [ug]?\+?[0-7]*s\b|\bchmod 4/.test(text)))
    return undefined;
  return {
    place: start.origin,
    message: 'runs as a user who may not change rules, and without sudo: it fails, and everything stays open',
  };
}
