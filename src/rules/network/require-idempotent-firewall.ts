import { replaceIn } from '../../container/firewall-edits.js';
import type { Firewall } from '../../container/firewall-names.js';
import { type Step, stopsOnFailure } from '../../container/firewall-step.js';
import { oncePerPlace, shownName } from '../../container/firewall-view.js';
import type { Fix, Report, Rule } from '../../core/rule.js';

const path = '.devcontainer/init-firewall.sh';
const head = '#!/bin/bash\nset -euo pipefail\niptables -P OUTPUT DROP\n';
const match = 'iptables -A OUTPUT -m set --match-set allowed dst -j ACCEPT\n';
const names = 'for ip in $(dig +short +time=3 registry.npmjs.org); do\n';

export const requireIdempotentFirewall: Rule<'firewall'> = {
  id: 'require-idempotent-firewall',
  on: 'firewall',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  summary: 'A firewall script can run again, and meet an address twice',
  why: 'Two names of one CDN share addresses, and containers are restarted. A script that ends at the first address it has met before leaves the rest of its rules out: depending on their order the network stays open, or the users take the firewall out because it does not start.',
  references: [
    'https://man7.org/linux/man-pages/man8/ipset.8.html',
    'https://man7.org/linux/man-pages/man8/iptables.8.html',
    'https://cwe.mitre.org/data/definitions/755.html',
  ],
  examples: [
    {
      bad: {
        [path]: `${head}ipset create allowed hash:ip -exist\n${names}  «ipset add allowed "$ip"»\ndone\n${match}`,
      },
      fixed: {
        [path]: `${head}ipset create allowed hash:ip -exist\n${names}  ipset -exist add allowed "$ip"\ndone\n${match}`,
      },
    },
    {
      bad: { [path]: `${head}«ipset create allowed hash:ip»\n${match}` },
      fixed: { [path]: `${head}ipset -exist create allowed hash:ip\n${match}` },
    },
    {
      bad: { [path]: `${head}«iptables -N EGRESS»\niptables -A OUTPUT -j EGRESS\n` },
      fixed: {
        [path]: `${head}iptables -N EGRESS 2>/dev/null || iptables -F EGRESS\niptables -A OUTPUT -j EGRESS\n`,
      },
    },
    {
      bad: {
        [path]: `${head}«curl -s https://intranet.example/ranges» | while read -r range; do\n  ipset add -exist allowed "$range"\ndone\n${match}`,
      },
    },
  ],
  good: [
    {
      [path]: `${head}probe() {\n  if ! ipset create probe hash:net; then return 1; fi\n  ipset destroy probe\n}\nif ! probe; then exit 1; fi\n`,
    },
    { [path]: `${head}ipset destroy allowed 2>/dev/null || true\nipset create allowed hash:net\n${match}` },
    { [path]: `${head}ipset add allowed 203.0.113.7 2>/dev/null || true\n${match}` },
    { [path]: `${head}ipset -! create allowed hash:ip\nipset -! add allowed 203.0.113.7\n${match}` },
    { [path]: `${head}iptables -F\niptables -X\niptables -N EGRESS\niptables -A OUTPUT -j EGRESS\n` },
    { [path]: `${head}iptables -N EGRESS 2>/dev/null || true\niptables -A OUTPUT -j EGRESS\n` },
  ],
  check: (firewall) => oncePerPlace(check(firewall)),
};

function* check(firewall: Firewall): Iterable<Report> {
  const { steps } = firewall.model;
  const gone = new Set<string>();
  for (const step of steps) {
    if (step.kind === 'drop-chain') gone.add(step.chain.name === '' ? 'all' : `chain ${step.chain.name}`);
    if (step.kind === 'set' && step.action === 'destroy')
      gone.add(step.name === '' ? 'all sets' : `set ${step.name}`);
    const report = judge(firewall, step, gone);
    if (report) yield { place: step.place, ...report };
  }
  yield* checkLookUps(firewall);
}

function judge(firewall: Firewall, step: Step, gone: ReadonlySet<string>): Omit<Report, 'place'> | undefined {
  if (step.isHandler || !stopsOnFailure(step)) return undefined;
  if (step.kind === 'set' && !step.exist && step.action === 'add')
    return {
      message:
        'ends the script at the first address that is in the set already, and two names often share one; add -exist',
      fixes: addExist(firewall, step),
    };
  const isMade = (what: string) => gone.has(what) || gone.has('all sets');
  if (step.kind === 'set' && !step.exist && step.action === 'create' && !isMade(`set ${step.name}`))
    return {
      message: `ends the script where there is a set ${shownName(step.name)} already, as on every second run; add -exist`,
      fixes: addExist(firewall, step),
    };
  const { name } = 'chain' in step ? step.chain : { name: '' };
  if (step.kind === 'chain' && !step.exist && !gone.has('all') && !gone.has(`chain ${name}`))
    return {
      message: `ends the script where there is a chain ${shownName(name)} already, as on every second run; empty the one that is there`,
      fixes: guardChain(firewall, step, name),
    };
  return undefined;
}

const unchanged = 'nothing changes on a first run';

function addExist(firewall: Firewall, step: Step): Fix[] {
  const edits = replaceIn(firewall, step, /\bipset(?=\s)/, 'ipset -exist');
  return edits.length === 0 ? [] : [{ title: 'add -exist', safety: 'safe', consequence: unchanged, edits }];
}

function guardChain(firewall: Firewall, step: Step, name: string): Fix[] {
  const program = step.kind === 'chain' && step.chain.families.includes(6) ? 'ip6tables' : 'iptables';
  const pattern = new RegExp(`(?<=^${program} (?:-w )?-N [\\w-]{1,40})$`);
  const edits = /^[\w-]{1,40}$/.test(name)
    ? replaceIn(firewall, step, pattern, ` 2>/dev/null || ${program} -F ${name}`)
    : [];
  return edits.length === 0
    ? []
    : [{ title: 'empty the chain where it is there', safety: 'safe', consequence: unchanged, edits }];
}

/** Once a file: a server that takes the connection and says nothing holds up the start for minutes. */
function* checkLookUps({ model }: Firewall): Iterable<Report> {
  const open = model.steps.filter(
    (step) =>
      step.kind === 'fetch' && !step.limited && /^(?:curl|wget)$/.test(step.program) && !step.isHandler,
  );
  const [first] = open;
  if (first?.kind !== 'fetch') return;
  yield {
    place: first.place,
    severity: 'info',
    message: `${first.program} waits without a limit for a server that does not answer, and the firewall with it; add ${first.program === 'curl' ? '--max-time' : '--timeout'}`,
  };
}
