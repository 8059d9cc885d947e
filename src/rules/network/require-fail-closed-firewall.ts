import { appendToCommand, insertAtHead, replaceIn } from '../../container/firewall-edits.js';
import { findFailure, findWindow, hasTrap, isChecked } from '../../container/firewall-failures.js';
import type { Firewall } from '../../container/firewall-names.js';
import type { Start } from '../../container/firewall-starts.js';
import type { Step } from '../../container/firewall-step.js';
import { oncePerPlace } from '../../container/firewall-view.js';
import { offerFix } from '../../container/fixes.js';
import type { Edit, Report, Rule } from '../../core/rule.js';

const path = '.devcontainer/init-firewall.sh';
const config = '.devcontainer/devcontainer.json';
const drop = 'iptables -P OUTPUT DROP';
const look = 'ip=$(dig +short registry.npmjs.org)\niptables -A OUTPUT -d "$ip" -j ACCEPT\n';
const trap = `trap '[ $? -eq 0 ] || { iptables -P OUTPUT DROP; iptables -F OUTPUT; }' EXIT`;

export const requireFailClosedFirewall: Rule<'firewall'> = {
  id: 'require-fail-closed-firewall',
  on: 'firewall',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Where the firewall fails, nothing may get out',
  why: 'A name that does not resolve today, a server that is down, an address that is in a set already: any of them ends a script that closes the network in its last lines, and the container runs on with everything open. Whoever only looks at whether it started sees nothing.',
  references: [
    'https://cwe.mitre.org/data/definitions/636.html',
    'https://cwe.mitre.org/data/definitions/755.html',
    'https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html',
  ],
  examples: [
    {
      bad: { [path]: `#!/bin/bash\nset -euo pipefail\n${look}«${drop}»\n` },
      fixed: { [path]: `#!/bin/bash\nset -euo pipefail\n${trap}\n${look}${drop}\n` },
    },
    {
      bad: { [path]: `#!/bin/bash\n«${drop}»\n${look}` },
      fixed: { [path]: `#!/bin/bash\n${drop} || exit 1\n${look}` },
    },
    {
      bad: {
        [path]: `#!/bin/bash\nset -e\nif ! command -v iptables >/dev/null; then\n  echo skipped\n  «exit 0»\nfi\n${drop}\n`,
      },
      fixed: {
        [path]: `#!/bin/bash\nset -e\nif ! command -v iptables >/dev/null; then\n  echo skipped\n  exit 1\nfi\n${drop}\n`,
      },
    },
    {
      bad: {
        [config]:
          '{ "image": "node:24", "postStartCommand": "«sudo bash .devcontainer/init-firewall.sh» || true" }\n',
        [path]: `#!/bin/bash\nset -e\n${drop}\n`,
      },
      fixed: {
        [config]: '{ "image": "node:24", "postStartCommand": "sudo bash .devcontainer/init-firewall.sh" }\n',
        [path]: `#!/bin/bash\nset -e\n${drop}\n`,
      },
    },
    {
      bad: {
        [config]:
          '{ "image": "node:24", "postStartCommand": "«sudo bash .devcontainer/init-firewall.sh»; npm start" }\n',
        [path]: `#!/bin/bash\nset -e\n${drop}\n`,
      },
    },
    {
      bad: {
        [path]: `#!/bin/bash\nset -e\n«iptables -P OUTPUT ACCEPT»\n${look.replace(')', ' || true)')}${drop}\n`,
      },
    },
  ],
  good: [
    {
      [path]: `#!/bin/bash\nset -e\nif [ -z "\${MODE:-}" ] && [ -r /etc/mode ]; then MODE=$(head -n1 /etc/mode); fi\nMODE=\${MODE:-strict}\ncase $MODE in open) exit 0 ;; esac\n${drop}\n`,
    },
    { [path]: `#!/bin/bash\nset -e\niptables -P OUTPUT ACCEPT\niptables -F\n${drop}\n${look}` },
    { [path]: `#!/bin/bash\nset -e\nif [ "$(id -u)" -ne 0 ]; then exit 1; fi\n${drop}\n${look}` },
    { [path]: `#!/bin/bash\nset -e\n${drop}\n${look}` },
    { [path]: `#!/bin/bash\nset -e\ntrap '${drop}; iptables -F OUTPUT' EXIT\n${look}${drop}\n` },
    { [path]: `#!/bin/bash\n${drop} || exit 1\n${look}` },
    {
      [path]: `#!/bin/bash\n${drop}\nif curl -s --max-time 5 https://example.com; then\n  echo open >&2\n  exit 1\nfi\n`,
    },
    {
      [path]: `#!/bin/bash\nset -e\n${drop}\nfor name in a.example b.example; do\n  dig +short "$name" || true\ndone\n`,
    },
    {
      [config]:
        '{ "image": "node:24", "postStartCommand": "sudo bash .devcontainer/init-firewall.sh && npm ci" }',
      [path]: `#!/bin/bash\nset -e\n${drop}\n`,
    },
    {
      [config]: '{ "image": "node:24", "postStartCommand": "bash .devcontainer/start.sh" }',
      '.devcontainer/start.sh': `#!/bin/bash\nrc=0\nsudo .devcontainer/init-firewall.sh || rc=$?\nif [ "$rc" -ne 0 ]; then exit 1; fi\nnpm ci\n`,
      [path]: `#!/bin/bash\nset -e\n${drop}\n`,
    },
  ],
  check: (firewall) => oncePerPlace(check(firewall)),
};

function* check(firewall: Firewall): Iterable<Report> {
  const { model, starts } = firewall;
  yield* reportEarlyEnds(firewall);
  // Where it is never closed another rule has said so.
  const closedAt = model.families[4].closedAt ?? model.families[6].closedAt;
  const closing = closedAt === undefined ? undefined : model.steps[closedAt];
  if (closing && closedAt !== undefined) {
    const late = findFailure(model.steps.slice(0, closedAt));
    if (late && !hasTrap(model.steps)) yield reportLate(firewall, closing, late);
    else if (!isChecked(model, closing, closedAt)) yield reportUnchecked(firewall, closing);
  }
  if (closedAt !== undefined) yield* reportWindow(model.steps.slice(0, closedAt));
  for (const start of starts) if (start.hiddenAt) yield reportHidden(start);
}

function reportLate(firewall: Firewall, closing: Step, late: Step): Report {
  const isTrapped = /^[ \t]*trap\b/m.test(firewall.model.file.text.slice(0, longest));
  return {
    place: closing.place,
    message: `closes the network only behind steps that can fail (${describe(late)}), and where one does the script ends with everything open; drop by default first, or close it in a trap`,
    related: [{ place: late.place, message: 'ends the script where it fails' }],
    fixes: offerFix(
      'close the network where the script fails',
      'a container whose firewall fails has no network until it is started again',
      isTrapped ? [] : insertAtHead(firewall, [trap]),
    ),
  };
}

function* reportWindow(before: readonly Step[]): Iterable<Report> {
  const open = findWindow(before);
  if (open)
    yield {
      place: open.place,
      message:
        'opens everything while names are looked up, so each later run is a window through which anything can be sent; leave the policy at DROP and let out what the look-ups need',
    };
}

/** A script is not longer. */
const longest = 200_000;

function describe(step: Step): string {
  if (step.kind === 'fetch' || step.kind === 'lookup') return step.program;
  return step.kind === 'set' ? 'ipset add' : 'a command';
}

function reportUnchecked(firewall: Firewall, closing: Step): Report {
  return {
    place: closing.place,
    message:
      'nobody notices where this fails, as without NET_ADMIN: the script goes on, ends well and leaves everything open; end it there',
    fixes: offerFix(
      'end the script where it fails',
      'a container in which the network cannot be closed does not start',
      appendToCommand(firewall, closing, ' || exit 1'),
    ),
  };
}

/** `exit 0` where a tool is missing or a switch is not set. */
function* reportEarlyEnds(firewall: Firewall): Iterable<Report> {
  const { steps, families } = firewall.model;
  const closedAt = families[4].closedAt ?? families[6].closedAt ?? 0;
  for (const step of steps.slice(0, closedAt)) {
    if (step.kind !== 'exit' || step.code !== 0 || step.isSwitched || step.isHandler) continue;
    if (!step.isConditional || step.cause === 'other') continue;
    const why = step.cause === 'tool' ? 'something is missing' : 'the caller does not ask for it';
    yield {
      place: step.place,
      message: `ends as if all was well before the network is closed, where ${why}; end with an error`,
      fixes: offerFix(
        'end with an error',
        'a container in which the firewall cannot be set does not start',
        replaceIn(firewall, step, /(?<=^exit)(?: 0)?$/, ' 1'),
      ),
    };
  }
}

function reportHidden(start: Start): Report {
  const { file, at } = start.place;
  const rest = /^\s{0,9}(?:\|\|\s{0,9}(?:true|:)(?![\w-])|;\s{0,9}(?:true|:|exit 0)(?=\s{0,9}(?:"|$)))/.exec(
    file.text.slice(at.end, at.end + 40),
  );
  const edits: Edit[] = rest
    ? [{ file: file.path, at: { start: at.end, end: at.end + rest[0].length }, text: '' }]
    : [];
  return {
    place: start.place,
    message: `goes on as if all was well where the firewall fails${start.isBackground ? ', which runs in the background' : ''}; let its failure be the failure of the command`,
    fixes: offerFix(
      'let its failure count',
      'where the firewall fails, so does the start of the container',
      edits,
    ),
  };
}
