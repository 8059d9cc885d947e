import { appendLines } from '../../container/firewall-edits.js';
import type { Firewall } from '../../container/firewall-names.js';
import type { Step } from '../../container/firewall-step.js';
import { offerFix } from '../../container/fixes.js';
import type { Rule } from '../../core/rule.js';

const path = '.devcontainer/init-firewall.sh';
const head = '#!/bin/bash\nset -euo pipefail\niptables -P OUTPUT DROP\n';
const check = [
  'if curl --silent --output /dev/null --max-time 5 https://example.com; then',
  "  echo 'the firewall lets out what no rule names' >&2",
  '  exit 1',
  'fi',
];

export const requireFirewallSelfTest: Rule<'firewall'> = {
  id: 'require-firewall-self-test',
  on: 'firewall',
  severity: 'info',
  confidence: 'medium',
  persona: 'pedantic',
  summary: 'A firewall script ends by proving that it holds',
  why: 'A rule in the wrong order, a kernel without a module or a second address family leaves a way out that nothing tells of. A script that tries a name nobody allowed, and fails where it is reached, tells of it at every start.',
  references: [
    'https://attack.mitre.org/mitigations/M1037/',
    'https://cwe.mitre.org/data/definitions/636.html',
  ],
  examples: [
    {
      bad: { [path]: `${head.replace(/iptables.*DROP/, '«$&»')}iptables -A OUTPUT -o lo -j ACCEPT\n` },
      fixed: { [path]: `${head}iptables -A OUTPUT -o lo -j ACCEPT\n${check.join('\n')}\n` },
    },
    {
      bad: {
        [path]: `${head.replace(/iptables.*DROP/, '«$&»')}if curl -s --max-time 5 https://example.com; then\n  echo 'warning: not blocked'\nfi\n`,
      },
      fixed: {
        [path]: `${head}if curl -s --max-time 5 https://example.com; then\n  echo 'warning: not blocked'\nfi\n${check.join('\n')}\n`,
      },
    },
  ],
  good: [
    { [path]: `${head}if curl -s --max-time 5 https://example.com; then exit 1; fi\n` },
    { [path]: `${head}! curl -s --max-time 5 https://example.com || { echo open; exit 1; }\n` },
    { [path]: `${head}iptables -S OUTPUT | grep -q -- '-P OUTPUT DROP' || exit 1\n` },
  ],
  *check(firewall) {
    const { model } = firewall;
    const { steps } = model;
    const { closedAt } = model.families[4].closedAt === undefined ? model.families[6] : model.families[4];
    const isTried = isTested(steps.slice((closedAt ?? 0) + 1)) || isTestedByCaller(firewall);
    // Where it begins: what is mended in it must not move what is said of the whole.
    const first = steps.find((step) => !step.isHandler && isOutput(step));
    if (!first || isTried) return;
    yield {
      place: first.place,
      message:
        'is never tried: nothing fails where the rules let out what they should not; try a name that nobody allowed at the end',
      fixes: offerFix(
        'try a forbidden name at the end',
        'the start takes some seconds longer, and needs curl in the image',
        appendLines(firewall, check),
      ),
    };
  },
};

function isOutput(step: Step): boolean {
  return step.kind === 'switch' || ('chain' in step && step.chain.isOutput);
}

/** A try that ends the script where it reaches something, or rules that are read again. */
function isTested(later: readonly Step[]): boolean {
  return later.some(
    (step, index) =>
      (step.kind === 'fetch' && step.onSuccess === 'stops') ||
      (step.kind === 'fetch' && step.onSuccess === 'noted') ||
      (step.kind === 'inspect' && later.slice(index).some((one) => one.kind === 'exit' && one.code !== 0)),
  );
}

/** The scripts that start it may try it themselves. */
function isTestedByCaller({ starts }: Firewall): boolean {
  return starts.some(({ place }) =>
    /\bcurl\b|\bwget\b|\bnc\b|verify/.test(place.file.text.slice(place.at.end, place.at.end + 2000)),
  );
}
