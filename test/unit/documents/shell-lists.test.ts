import { describe, expect, test } from 'vitest';
import { loadListReader } from '../../../src/documents/shell-lists.js';

const read = await loadListReader();

/** The words of each list, and a check that each stands where it says. */
function lists(text: string): string[][] {
  return read(text).map((words) =>
    words.map(({ text: word, at }) => {
      expect(text.slice(at.start, at.end).replace(/^["']|["']$/g, '')).toBe(word);
      return word;
    }),
  );
}

describe('what a firewall script lets out', () => {
  test.each([
    ['the words of a loop', 'for d in \\\n  "a.test" \\\n  b.test; do\n  ipset add ok "$d"\ndone'],
    ['an array with comments', 'ALLOWED_DOMAINS=(\n  "a.test" # why\n  # more\n  b.test\n)'],
    [
      'an array that a loop adds',
      'NAMES=(a.test b.test)\nfor n in "${NAMES[@]}"; do add "$n"; dig "$n"; done',
    ],
    ['a declared array', 'declare -ra HOSTS=(a.test b.test)'],
    ['a text of words', "HOSTS='a.test b.test'\nfor h in $HOSTS; do resolve $h; done"],
    ['a text of lines', 'ALLOWED="\na.test\nb.test\n"'],
    ['a here-document for a list', "cat > /etc/allowed <<'EOF'\na.test # why\nb.test\nEOF"],
    ['a here-document for a loop', 'while read -r h; do ipset add x "$h"; done <<EOF\na.test\nb.test\nEOF'],
    ['arguments of a function of its own', 'allow_hosts a.test b.test'],
    [
      'a loop whose failures are told',
      'for d in a.test b.test; do x=$(dig $d) || echo "blocked $d"; ipset add s $x; done',
    ],
    [
      'ranges',
      'for c in 198.51.100.0/24 2001:db8::/32; do ipset add ok $c; done',
      ['198.51.100.0/24', '2001:db8::/32'],
    ],
    [
      'a name that is looked up',
      "for ip in $(dig +short 'a.test' | tail -1); do ipset add ok $ip; done",
      ['a.test'],
    ],
    ['a name that is looked up into a variable', 'IPS=$(getent ahosts a.test)', ['a.test']],
  ] as [string, string, string[]?][])('%s', (_what, text, words = ['a.test', 'b.test']) => {
    expect(lists(text)).toEqual([words]);
  });

  test.each([
    ['what is refused', 'for d in a.test b.test; do iptables -A OUTPUT -d $d -j REJECT; done'],
    [
      'a list that is named so',
      'BLOCKED_DOMAINS=(a.test b.test)\nfor d in "${BLOCKED_DOMAINS[@]}"; do dig $d; done',
    ],
    [
      'a list that is only refused',
      'HOSTS=(a.test)\nfor d in "${HOSTS[@]}"; do iptables -I OUTPUT -d "$d" -j DROP; done',
    ],
    ['a set of what is refused', 'for d in 10.0.0.0/8; do ipset add denied $d; done'],
    ['what is only tried', 'for d in a.test b.test; do curl -s "https://$d" || exit 1; done'],
    ['one test', 'curl --connect-timeout 5 https://example.com && exit 1'],
    ['files', 'for f in resolv.conf hosts.txt; do allow $f; done'],
    ['other words', 'for mode in on off; do allow "$mode"; done\nHOSTS=(localhost)'],
    ['variables', 'ALLOWED=("$A" "${B}.test" `c`)'],
    ['comments and messages', '# ALLOWED=(a.test)\necho "allowed: a.test b.test"'],
  ])('does not include %s', (_what, text) => {
    expect(lists(text)).toEqual([]);
  });
});

/** The text without one of its words. */
function without(text: string, word: string): string | undefined {
  const found = read(text)
    .flat()
    .find((each) => each.text === word);
  return found?.removal && text.slice(0, found.removal.start) + text.slice(found.removal.end);
}

describe('taking a word out', () => {
  test.each([
    ['A=(a.test "b.test" c.test)', 'b.test', 'A=(a.test c.test)'],
    ['A=(a.test b.test)', 'a.test', 'A=(b.test)'],
    ['A=(\n  a.test # one\n  "b.test" # two\n)', 'b.test', 'A=(\n  a.test # one\n)'],
    [
      'for d in \\\n  a.test \\\n  b.test; do dig $d; done',
      'a.test',
      'for d in \\\n  b.test; do dig $d; done',
    ],
    [
      'for d in \\\n  a.test \\\n  b.test; do dig $d; done',
      'b.test',
      'for d in \\\n  a.test; do dig $d; done',
    ],
    ['for d in a.test \\\n  b.test\ndo dig $d; done', 'b.test', 'for d in a.test\ndo dig $d; done'],
    ['A="a.test b.test"', 'b.test', 'A="a.test"'],
    ['cat > allowed <<E\na.test\nb.test\nE\n', 'a.test', 'cat > allowed <<E\nb.test\nE\n'],
    ['A=(a.test)', 'a.test', 'A=()'],
    ['for d in \\\n  a.test\ndo dig $d; done', 'a.test', 'for d in \\\n  \ndo dig $d; done'],
    ['allow_host a.test b.test', 'a.test', undefined],
    ['IPS=$(dig +short a.test)', 'a.test', undefined],
  ])('%j', (text, word, left) => {
    const script = text.replace(/^A=/, 'ALLOWED=');
    expect(without(script, word)).toBe(left?.replace(/^A=/, 'ALLOWED='));
  });
});

test.each([
  ['one line of words', (many: number) => `ALLOWED=(${'a.test '.repeat(many)})`],
  ['many lines', (many: number) => `ALLOWED=(\n${'  "a.test" # why\n'.repeat(many)})`],
  [
    'many lists of one name',
    (many: number) => 'H=(a.test)\nfor d in $H; do curl $d; done\n'.repeat(many / 10),
  ],
  ['blanks', (many: number) => `ALLOWED=(a.test${' '.repeat(many * 10)}b.test)`],
  ['nested loops', (many: number) => 'for d in a.test; do '.repeat(Math.min(many, 500))],
])('thousands of words take no long time: %s', (_what, make) => {
  const start = process.cpuUsage();
  read(make(20_000));
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(1500);
});
