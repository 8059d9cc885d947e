import { fingerprintAll } from '../../../src/core/fingerprint.js';
import type { LintResult, RuleInfo, Suppression } from '../../../src/core/lint.js';
import type { Finding } from '../../../src/core/rule.js';
import type { Place, SourceFile } from '../../../src/core/text.js';
import { routeOf } from '../../../src/documents/route.js';
import type { Metadata } from '../../../src/reporters/metadata.js';

export const path = '.devcontainer/devcontainer.json';

const text = `{
  "image": "debian:12",
  "privileged": true,
  "mounts": [
    "source=/var/run/docker.sock,target=/var/run/docker.sock,type=bind"
  ],
  "remoteUser": "root"
}
`;

export const file: SourceFile = { path, text };

/** The first occurrence of some text, as a place. */
export function placeOf(part: string, source: SourceFile = file): Place {
  const start = source.text.indexOf(part);
  return { file: source, at: { start, end: start + part.length } };
}

const rule = {
  on: 'container',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  references: ['https://docs.docker.com/engine/security/'],
  examples: [{ bad: '{ "image": "debian:12", «"privileged": true» }', fixed: '{ "image": "debian:12" }' }],
  good: ['{ "image": "debian:12" }'],
} as const;

export const rules: readonly RuleInfo[] = [
  {
    ...rule,
    id: 'no-privileged',
    summary: 'Do not run the container privileged',
    why: 'A privileged container has every capability and every device: code in it mounts the host disk and is root there.',
  },
  {
    ...rule,
    id: 'no-root-user',
    severity: 'warning',
    summary: 'Do not work as root',
    why: 'Root needs one kernel or engine bug less to leave the container.',
  },
];

export const metadata: Metadata = { version: '1.2.3', rules, prefix: '' };

export const privileged: Finding = {
  ruleId: 'no-privileged',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  place: placeOf('"privileged": true'),
  message: 'the container runs privileged',
  related: [{ place: placeOf('"root"'), message: 'as root' }],
  fixes: [
    {
      title: 'remove "privileged"',
      safety: 'review',
      consequence: 'what needs devices or kernel modules stops working',
      edits: [{ file: path, at: placeOf('  "privileged": true,\n').at, text: '' }],
    },
  ],
};

export const root: Finding = {
  ruleId: 'no-root-user',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  place: placeOf('"root"'),
  message: 'tools run as root',
  fixes: [
    {
      title: 'set "remoteUser" to "dev"',
      safety: 'safe',
      consequence: '',
      edits: [{ file: path, at: placeOf('"root"').at, text: '"dev"' }],
    },
    { title: 'remove "remoteUser"', safety: 'review', consequence: 'the image decides', edits: [] },
  ],
};

export function resultOf(findings: readonly Finding[], complete = true): LintResult {
  const sources = new Map(findings.map(({ place }) => [place.file.path, place.file]));
  const fingerprints = fingerprintAll(findings, routeOf);
  const reported = findings.map((finding) => ({
    ...finding,
    fingerprint: fingerprints.get(finding) ?? '',
    scope: 'live' as const,
  }));
  return { findings: reported, suppressed: [], examples: [], files: [path], rules, sources, complete };
}

/** The same result with its last finding suppressed. */
export function suppressLast(result: LintResult, suppression: Suppression): LintResult {
  const last = result.findings.slice(-1).map((finding) => ({ ...finding, suppression }));
  return { ...result, findings: result.findings.slice(0, -1), suppressed: last };
}

/** What a hostile repository may bring into every text that a reporter prints. */
export const hostileText = '\u001b[2J\u0007\u009b31m\u202e"><script>%0a::error::\r\n\ud800 </x>\u{e0041}';

export function hostileFinding(): Finding {
  const source = {
    path: `dir with space/%2e/#?${hostileText.replace('\r\n', '')}.json`,
    text: `"${hostileText}"\n`,
  };
  const place = { file: source, at: { start: 0, end: source.text.length - 1 } };
  return {
    ...privileged,
    place,
    message: `the value is ${hostileText}`,
    related: [{ place, message: hostileText }],
    fixes: [
      {
        title: `remove ${hostileText}`,
        safety: 'safe',
        consequence: hostileText,
        edits: [{ file: source.path, at: place.at, text: hostileText }],
      },
    ],
  };
}
