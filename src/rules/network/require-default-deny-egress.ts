import { insertLines, ipv6Block, removeLines, replaceIn } from '../../container/firewall-edits.js';
import type { Firewall } from '../../container/firewall-names.js';
import { findDeadRules, findLostDns } from '../../container/firewall-order.js';
import { fateOf } from '../../container/firewall-ruleset.js';
import type { Step } from '../../container/firewall-step.js';
import { oncePerPlace, openings, shownName } from '../../container/firewall-view.js';
import { offerFix } from '../../container/fixes.js';
import type { Edit, Fix, Report, Rule } from '../../core/rule.js';

const path = '.devcontainer/init-firewall.sh';
const head = '#!/bin/bash\nset -euo pipefail\n';
const host = 'iptables -A OUTPUT -p tcp -d 203.0.113.7 --dport 443 -j ACCEPT';
const reject = 'iptables -A OUTPUT -j REJECT --reject-with icmp-admin-prohibited';
const six = `${ipv6Block.join('\n')}\n`;
const save = 'saved=$(iptables-save -t nat | grep 127.0.0.11 || true)\n';

export const requireDefaultDenyEgress: Rule<'firewall'> = {
  id: 'require-default-deny-egress',
  on: 'firewall',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Drop what no rule lets out',
  why: 'The kernel lets out what no rule is about. A firewall that accepts what is wanted and does not refuse the rest looks like one and stops nothing; so does one whose last lines accept everything or take the rules away again.',
  references: [
    'https://man7.org/linux/man-pages/man8/iptables.8.html',
    'https://cwe.mitre.org/data/definitions/1188.html',
    'https://attack.mitre.org/mitigations/M1037/',
  ],
  examples: [
    {
      bad: { [path]: `${head}iptables -F OUTPUT\n«${host}»\n` },
      fixed: { [path]: `${head}iptables -F OUTPUT\n${host}\niptables -P OUTPUT DROP\n${reject}\n${six}` },
    },
    {
      bad: { [path]: `${head}iptables -P OUTPUT DROP\n${host}\n«iptables -P OUTPUT ACCEPT»\n` },
      fixed: { [path]: `${head}iptables -P OUTPUT DROP\n${host}\niptables -P OUTPUT DROP\n${six}` },
    },
    {
      bad: { [path]: `${head}iptables -P OUTPUT DROP\n${host}\n«iptables -I OUTPUT -j ACCEPT»\n` },
      fixed: { [path]: `${head}iptables -P OUTPUT DROP\n${host}\n${six}` },
    },
    {
      bad: {
        [path]: `${head}nft -f - <<'EOF'\ntable inet filter {\n  chain output {\n    «type filter hook output priority 0; policy accept;»\n    ip daddr 203.0.113.7 accept\n  }\n}\nEOF\n`,
      },
      fixed: {
        [path]: `${head}nft -f - <<'EOF'\ntable inet filter {\n  chain output {\n    type filter hook output priority 0; policy drop;\n    ip daddr 203.0.113.7 accept\n  }\n}\nEOF\n`,
      },
    },
    {
      bad: { [path]: `${head}iptables -P OUTPUT DROP\n${reject}\n«${host}»\n` },
      fixed: { [path]: `${head}iptables -P OUTPUT DROP\n${host}\n${reject}\n` },
    },
    {
      bad: { [path]: `${head}«iptables -t nat -F»\niptables -P OUTPUT DROP\n${host}\n` },
      fixed: { [path]: `${head}iptables -P OUTPUT DROP\n${host}\n` },
    },
    {
      bad: { [path]: `${head}«iptables -A OUTPUT -d 203.0.113.7 -j DROP»\n` },
    },
  ],
  good: [
    { [path]: `${head}iptables -P OUTPUT DROP\niptables -A OUTPUT -o lo -j ACCEPT\n${host}\n` },
    { [path]: `${head}iptables -P OUTPUT ACCEPT\n${host}\niptables -P OUTPUT DROP\n` },
    { [path]: `${head}${host}\n${reject}\n` },
    {
      [path]: `${head}iptables -N OUT\niptables -A OUT -d 203.0.113.7 -j ACCEPT\niptables -A OUT -j DROP\niptables -A OUTPUT -j OUT\n`,
    },
    {
      [path]: `${head}ufw default deny outgoing\nufw allow out to 203.0.113.7 port 443\nufw --force enable\n`,
    },
    { [path]: `${head}printf '*filter\\n:OUTPUT DROP [0:0]\\nCOMMIT\\n' | iptables-restore\n` },
    {
      [path]: `${head}${save}iptables -t nat -F\necho "$saved" | xargs -L 1 iptables -t nat\niptables -P OUTPUT DROP\n`,
    },
    { [path]: `${head}iptables -t nat -A OUTPUT -p tcp --dport 80 -j REDIRECT --to-ports 3128\n` },
    { [path]: `${head}iptables -P INPUT ACCEPT\niptables -A INPUT -j ACCEPT\n` },
    {
      [path]: `${head}case "\${1:-start}" in\n  start) iptables -P OUTPUT DROP ;;\n  stop) iptables -P OUTPUT ACCEPT; iptables -F ;;\nesac\n`,
    },
  ],
  check: (firewall) => oncePerPlace(check(firewall)),
};

function* check(firewall: Firewall): Iterable<Report> {
  const { model } = firewall;
  const isFollowed = !model.cut && !model.steps.some(({ kind }) => kind === 'unmodelled');
  if (!model.families[4].isClosed && !model.families[6].isClosed) {
    // What could not be followed may be what closes it.
    if (isFollowed) yield* reportOpen(firewall);
    return;
  }
  yield* reportDead(firewall);
  yield* reportLostDns(firewall);
}

function* reportOpen(firewall: Firewall): Iterable<Report> {
  const { steps, families } = firewall.model;
  const { step } = fateOf(families[4].ruleset);
  const last = steps.findLast((one) => one.kind === 'rule' && one.chain.isOutput && !one.isHandler);
  const place = (step ?? last ?? steps[0])?.place;
  if (!place) return;
  const isAllowlist = step !== undefined || openings(firewall).length > 0;
  // Only what is named is refused: no allowlist, and meant as none.
  const isDenylist =
    !isAllowlist &&
    steps.some((one) => one.kind === 'rule' && one.chain.isOutput && one.rule.verdict === 'drop');
  const what = step ? describe(step) : 'never drops what no rule lets out';
  yield {
    place,
    message: isDenylist
      ? 'refuses what it names and lets out everything else; drop by default and let out what is needed'
      : `${what}, so everything may be sent anywhere; end with a policy of DROP for OUTPUT`,
    ...(!isAllowlist && { severity: 'warning', confidence: 'medium' }),
    fixes: isDenylist ? [] : mend(firewall, step, last),
  };
}

function describe(step: Step): string {
  if (step.kind === 'policy') return `leaves ${shownName(step.chain.name)} at a policy of ACCEPT`;
  return 'lets out every packet that comes to this rule';
}

function mend(firewall: Firewall, step: Step | undefined, last: Step | undefined): Fix[] {
  if (step?.kind === 'rule') return offer(firewall, 'remove the rule', step, removeLines(firewall, step));
  if (step) {
    const edits = [
      [/\bACCEPT\b/, 'DROP'],
      [/\bpolicy accept\b/, 'policy drop'],
      [/\ballow\b/, 'deny'],
    ] as const;
    const found = edits
      .map(([from, to]) => replaceIn(firewall, step, from, to))
      .find(({ length }) => length > 0);
    return offer(firewall, 'drop by default', step, found ?? []);
  }
  if (!last || !isIpv4Filter(last) || last.isConditional) return [];
  const lines = ['iptables -P OUTPUT DROP', reject, ...ipv6Block];
  const edits = insertLines(firewall, last, 'after', lines);
  return offerFix('drop by default behind the last rule', consequence, edits);
}

const consequence = 'everything that no rule lets out fails from then on, over IPv6 too: try what you need';

/** Closes IPv6 with IPv4: who closes one of two doors has closed nothing. */
function offer(firewall: Firewall, title: string, step: Step, edits: readonly Edit[]): Fix[] {
  const isSix = firewall.model.steps.some((one) => 'chain' in one && one.chain.families.includes(6));
  const closing = isSix || !isIpv4Filter(step) ? [] : insertLines(firewall, step, 'after', ipv6Block);
  return edits.length === 0 ? [] : offerFix(title, consequence, [...edits, ...closing]);
}

function isIpv4Filter(step: Step): boolean {
  return 'chain' in step && step.chain.table === 'filter' && step.chain.families.includes(4);
}

function* reportDead(firewall: Firewall): Iterable<Report> {
  for (const { step, before } of findDeadRules(firewall.model.steps))
    yield {
      place: step.place,
      severity: 'warning',
      message:
        'is never reached, because a rule before it refuses everything: what it should let out is refused',
      related: [{ place: before.place, message: 'refuses everything' }],
      fixes: offerFix(
        'move the refusal behind it',
        'what the rule names is let out',
        moveBehind(firewall, before, step),
      ),
    };
}

function moveBehind(firewall: Firewall, before: Step, step: Step) {
  const { file, at } = before.command;
  const out = removeLines(firewall, before);
  const back = insertLines(firewall, step, 'after', [file.text.slice(at.start, at.end)]);
  const isSame = before.command.file === step.command.file && before.place.at.start === at.start;
  return isSame && !step.isConditional && out.length > 0 && back.length > 0 ? [...out, ...back] : [];
}

function* reportLostDns(firewall: Firewall): Iterable<Report> {
  const flush = findLostDns(firewall.model.steps);
  if (!flush) return;
  yield {
    place: flush.place,
    severity: 'warning',
    message:
      "takes away the rules that Docker's name server works by, so no name resolves on a network of one's own, and a firewall that breaks names is soon taken out; keep the nat table, or save those rules and put them back",
    fixes: offerFix(
      'leave the nat table alone',
      'rules of an earlier run stay in that table',
      removeLines(firewall, flush),
    ),
  };
}
