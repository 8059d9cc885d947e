import {
  type EntryReader,
  type JudgedEntry,
  type ReaderFlaw,
  repairedEntry,
} from '../../container/allow-entry.js';
import { shown } from '../../container/shown.js';
import type { Fix, Report, Rule } from '../../core/rule.js';

const list = '.devcontainer/allowlist';

export const noMalformedAllowlistEntry: Rule<'egress'> = {
  id: 'no-malformed-allowlist-entry',
  on: 'egress',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Write allowlist entries that mean what they say',
  why: 'An entry that is misread opens nothing, or more than was meant, and whoever then sees work fail opens everything. A name that only looks like a well-known one belongs to an attacker, and the review passes it.',
  references: [
    'https://www.unicode.org/reports/tr39/',
    'https://capec.mitre.org/data/definitions/632.html',
    'https://cwe.mitre.org/data/definitions/1007.html',
  ],
  examples: [
    {
      bad: {
        [list]:
          '# Written by harden-devcontainer.\n\n«https://docs.shop.example/api»\n«*.cdn.example»\n«Registry.shop.example:443»\nplain.example\n\n# twice\n«plain.example:443»\n',
      },
      fixed: {
        [list]:
          '# Written by harden-devcontainer.\n\ndocs.shop.example\n.cdn.example\nregistry.shop.example:443\nplain.example\n',
      },
    },
    {
      bad: {
        '.devcontainer/allowlist.txt':
          '«githüb.com»\n«githab.com»\n«Docs.Shop.example»\n«www.shop.example»#glued\n!pastebin.com\n',
      },
      fixed: { '.devcontainer/allowlist.txt': 'docs.shop.example\nwww.shop.example #glued\n!pastebin.com\n' },
    },
  ],
  good: [
    {
      '.devcontainer/allowlist.txt':
        '# https://example.com/why\n*.shop.example\nxn--bcher-kva.example # b\u00fccher\n\n',
    },
    {
      [list]:
        '# Written by harden-devcontainer.\ndb.shop.example:5432 private # ours\n198.51.100.0/24:5432 # partner\n',
    },
  ],
  *check({ entries }) {
    for (const entry of entries) {
      if (entry.lookalike && !entry.isRepeated) yield reportLookAlike(entry, entry.lookalike);
      if (entry.flaws[0] === 'glued') yield reportGlued(entry);
      else if (entry.flaws.length > 0 && !entry.lookalike) yield reportFlaws(entry);
      if (entry.coveredBy) yield reportCovered(entry, entry.coveredBy);
    }
  },
};

/** Behind the quoted entry. */
const wrong: Readonly<Record<ReaderFlaw, string>> = {
  scheme: 'has a scheme, and only names are compared',
  path: 'has a path, and only names are compared',
  words: 'is more than one word',
  'dot-at-end': 'ends in a dot',
  'upper-case': 'is not in lower case',
  'foreign-letters': 'has letters that no name server is asked for',
  star: 'has a star where a leading dot means the name and all below it',
  'inner-star': 'has a star in the middle, which matches nothing',
  'bad-port': 'names no port from 1 to 65535',
  'no-name': 'is neither a name nor an address',
  'no-dot': 'is a single label',
  'no-port': 'is an address without length and port, and a range belongs there with the reason why',
  glued: 'has its comment glued to it',
  'no-reason': 'opens a range without a comment that says why',
};

const outcome: Readonly<Record<EntryReader, string>> = {
  policy: 'so init refuses the policy',
  firewall: 'so init-firewall.sh refuses the whole list and nothing is let out',
  unknown: 'so it opens nothing, or not what it says',
};

function reportFlaws(entry: JudgedEntry): Report {
  const [flaw = 'no-name'] = entry.flaws;
  const repaired = repairedEntry(entry);
  const edits = repaired === undefined || repaired === entry.text ? [] : entry.replace(repaired);
  const write = repaired === undefined || edits.length === 0 ? '' : `; write ${shown(repaired)}`;
  // Readers that take any name compare it without case.
  const isSafe = entry.reader === 'unknown' && entry.flaws.every((each) => each === 'upper-case');
  const fix: Fix = {
    title: `write ${shown(repaired ?? '')}`,
    safety: isSafe ? 'safe' : 'review',
    consequence: isSafe ? 'nothing changes: names have no case' : 'the entry works then, and opens the host',
    edits,
  };
  return {
    place: entry.place,
    message: `'${shown(entry.text)}' ${wrong[flaw]}, ${outcome[entry.reader]}${write}`,
    fixes: edits.length > 0 ? [fix] : [],
  };
}

function reportGlued(entry: JudgedEntry): Report {
  return {
    place: entry.place,
    message: `'${shown(entry.text)}' ${wrong.glued}, which some readers take for a part of the name; put a blank before the #`,
    severity: 'info',
    fixes: [
      {
        title: 'put a blank before the comment',
        safety: 'review',
        consequence: 'the entry works then, and opens the host',
        edits: entry.replace(`${entry.text} `),
      },
    ],
  };
}

function reportLookAlike(entry: JudgedEntry, { name, by }: NonNullable<JudgedEntry['lookalike']>): Report {
  const how =
    by === 'script'
      ? 'is written with letters of another alphabet and reads like'
      : 'is one letter away from';
  return {
    place: entry.place,
    message: `'${shown(entry.text)}' ${how} ${name}: whoever holds it receives what was meant for that; take it out unless it is meant`,
    ...(by === 'script' && { severity: 'error' }),
    fixes: [
      {
        title: `take ${shown(entry.text)} off the list`,
        safety: 'review',
        consequence: `${name} has to be listed where it was meant`,
        edits: entry.remove(),
      },
    ],
  };
}

function reportCovered(entry: JudgedEntry, by: NonNullable<JudgedEntry['coveredBy']>): Report {
  return {
    place: entry.place,
    message: `'${shown(entry.text)}' opens nothing that ${shown(by.text)} does not; take it out, so that nobody believes the list to be narrower than it is`,
    severity: 'info',
    related: [{ place: by.place, message: 'opens it already' }],
    fixes: [
      {
        title: `take ${shown(entry.text)} off the list`,
        safety: 'safe',
        consequence: `nothing changes: ${shown(by.text)} opens it too`,
        // A repeated entry goes alone: its host stays open by the first one.
        edits: entry.isRepeated ? entry.removeAlone() : entry.remove(),
      },
    ],
  };
}
