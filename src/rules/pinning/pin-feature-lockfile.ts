import type { Container } from '../../container/container.js';
import type { FeatureLock } from '../../container/feature-lock.js';
import { offerLock, type RenewedLock, referenceOf, renewLock } from '../../container/feature-lock-edits.js';
import type { Report, Rule } from '../../core/rule.js';

const digest = 'sha256:a3e43ff91b9f5f6bd2c14bd510d43e5e698f1266dc41027ba4e04e7e45be607a';
const git = `{ "version": "1.3.7", "resolved": "ghcr.io/devcontainers/features/git@${digest}", "integrity": "${digest}" }`;
const usesGit = '{ "features": { "ghcr.io/devcontainers/features/git:1": {} } }\n';

export const pinFeatureLockfile: Rule<'container'> = {
  id: 'pin-feature-lockfile',
  on: 'container',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Keep a lock file of the Features, and keep it whole',
  why: 'Features run as root while the container is built. The lock file holds the digest of each, so that a release under the same version, or one of a stolen account, is refused. What is missing in it is taken as it comes, while the file looks as if all were settled.',
  references: [
    'https://containers.dev/implementors/features/',
    'https://github.com/devcontainers/spec/blob/main/docs/specs/devcontainer-lockfile.md',
    'https://attack.mitre.org/techniques/T1195/002/',
  ],
  examples: [
    {
      bad: {
        '.devcontainer.json': '{ "features": { "ghcr.io/devcontainers/features/git:1": {} } }\n',
        '.devcontainer-lock.json':
          '{\n  "features": {\n    «"ghcr.io/devcontainers/features/git:1"»: { "version": "1.3.7", "resolved": "ghcr.io/devcontainers/features/git:1.3.7" }\n  }\n}\n',
      },
    },
    {
      bad: {
        '.devcontainer.json': usesGit,
        '.devcontainer-lock.json': `{ "features": { "ghcr.io/devcontainers/features/git:1": ${git}, «"ghcr.io/devcontainers/features/old:1"»: ${git} } }\n`,
      },
      fixed: {
        '.devcontainer.json': usesGit,
        '.devcontainer-lock.json': `{ "features": { "ghcr.io/devcontainers/features/git:1": ${git} } }\n`,
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "features": { "ghcr.io/devcontainers/features/git:1": {}, «"ghcr.io/devcontainers/features/node:1"»: {} } }\n',
        '.devcontainer/devcontainer-lock.json': `{ "features": { "ghcr.io/devcontainers/features/git:1": ${git} } }\n`,
      },
      online: [
        {
          source: 'feature',
          name: 'ghcr.io/devcontainers/features/node',
          range: '1',
          pin: { version: '1.7.1', digest, from: 'ghcr.io' },
        },
      ],
      fixed: {
        '.devcontainer/devcontainer.json':
          '{ "features": { "ghcr.io/devcontainers/features/git:1": {}, "ghcr.io/devcontainers/features/node:1": {} } }\n',
        '.devcontainer/devcontainer-lock.json': `{ "features": { "ghcr.io/devcontainers/features/git:1": ${git}, "ghcr.io/devcontainers/features/node:1": { "version": "1.7.1", "resolved": "ghcr.io/devcontainers/features/node@${digest}", "integrity": "${digest}" } } }\n`,
      },
    },
    {
      bad: { '.devcontainer/devcontainer.json': usesGit.replace('"features"', '«"features"»') },
      persona: 'pedantic',
      online: [
        {
          source: 'feature',
          name: 'ghcr.io/devcontainers/features/git',
          range: '1',
          pin: {
            version: '1.3.7',
            digest,
            dependsOn: ['ghcr.io/devcontainers/features/common-utils:2'],
            from: 'ghcr.io',
          },
        },
        {
          source: 'feature',
          name: 'ghcr.io/devcontainers/features/common-utils',
          range: '2',
          pin: { version: '2.5.9', digest, from: 'ghcr.io' },
        },
      ],
      fixed: {
        '.devcontainer/devcontainer.json': usesGit,
        '.devcontainer/devcontainer-lock.json': `{
  "features": {
    "ghcr.io/devcontainers/features/common-utils:2": {
      "version": "2.5.9",
      "resolved": "ghcr.io/devcontainers/features/common-utils@${digest}",
      "integrity": "${digest}"
    },
    "ghcr.io/devcontainers/features/git:1": {
      "version": "1.3.7",
      "resolved": "ghcr.io/devcontainers/features/git@${digest}",
      "integrity": "${digest}",
      "dependsOn": [
        "ghcr.io/devcontainers/features/common-utils:2"
      ]
    }
  }
}
`,
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "features": { "ghcr.io/devcontainers/features/git:1": {} } }\n',
        '.devcontainer/devcontainer-lock.json': '«<<<<<<< HEAD\n{ "features": {} }\n»',
      },
    },
    {
      bad: '{ «"features"»: { "ghcr.io/devcontainers/features/git:1": {}, "ghcr.io/devcontainers/features/node:1": {} } }\n',
      persona: 'pedantic',
    },
  ],
  good: [
    '{ "features": { "./local": {}, "docker-in-docker": "latest" } }',
    '{ "features": { "ghcr.io/devcontainers/features/git:1": {} } }',
    {
      '.devcontainer/devcontainer.json': '{ "features": { "ghcr.io/devcontainers/features/git:1": {} } }',
      '.devcontainer/devcontainer-lock.json': '',
    },
    {
      '.devcontainer/devcontainer.json':
        '{ "features": { "ghcr.io/Devcontainers/features/git:1": {}, "./local": {}, "https://example.com/devcontainer-feature-a.tgz": {} } }',
      '.devcontainer/devcontainer-lock.json':
        '{ "features": { "ghcr.io/devcontainers/features/git:1": { "version": "1.3.7", "resolved": "ghcr.io/devcontainers/features/git@sha256:a3e43ff91b9f5f6bd2c14bd510d43e5e698f1266dc41027ba4e04e7e45be607a", "integrity": "sha256:a3e43ff91b9f5f6bd2c14bd510d43e5e698f1266dc41027ba4e04e7e45be607a", "dependsOn": ["ghcr.io/devcontainers/features/common-utils:2"] }, "ghcr.io/devcontainers/features/common-utils:2": { "version": "2.5.9", "resolved": "ghcr.io/devcontainers/features/common-utils@sha256:cb0c4d3c276f157eed17935747e364178d75fee17f55c4e129966f64633deb3a", "integrity": "sha256:cb0c4d3c276f157eed17935747e364178d75fee17f55c4e129966f64633deb3a" }, "https://example.com/devcontainer-feature-a.tgz": { "version": "1.0.0", "resolved": "https://example.com/devcontainer-feature-a.tgz", "integrity": "sha256:cb0c4d3c276f157eed17935747e364178d75fee17f55c4e129966f64633deb3a" } } }',
    },
  ],
  mayShow: ({ featureLock }) => featureLock !== undefined,
  *check(container, project) {
    const { featureLock } = container;
    const remote = container.features.filter(({ value }) => /^(?:registry|archive)$/.test(value.origin));
    const [first] = remote;
    const renewed = renewLock(container, project);
    if (featureLock) yield* judge(featureLock, remote, renewed);
    else if (first) {
      // Part of a lock file would say that the rest is settled too.
      const isWhole = remote.every(({ value }) => renewed.locked.has(referenceOf(value)));
      yield {
        place: container.featureList ?? first.place,
        message: 'no lock file holds the digests of the Features; write one with devcontainer upgrade',
        severity: 'info',
        persona: 'pedantic',
        fixes: isWhole ? () => offerLock(renewed) : [],
        asks: renewed.asks,
      };
    }
  },
};

const renew = 'renew the file with devcontainer upgrade';

function* judge(
  { file, features }: FeatureLock,
  used: Container['features'],
  renewed: RenewedLock,
): Iterable<Report> {
  if (!features) {
    const place = { file, at: { start: 0, end: file.text.length } };
    yield { place, message: `this is no lock file, so no Feature is checked against a digest; ${renew}` };
    return;
  }
  const mending = (reference: string) => ({
    fixes: renewed.locked.has(reference) ? () => offerLock(renewed) : [],
    asks: renewed.asks,
  });
  const locked = new Set(features.map(({ reference }) => reference));
  for (const { value, place } of used) {
    if (locked.has(referenceOf(value))) continue;
    yield {
      place,
      message: `${value.reference} is not in the lock file, so it is taken as it comes; ${renew}`,
      related: [{ place: { file, at: { start: 0, end: 1 } }, message: 'the lock file' }],
      ...mending(referenceOf(value)),
    };
  }
  const wanted = new Set([
    ...used.map(({ value }) => referenceOf(value)),
    ...features.flatMap(({ dependsOn }) => dependsOn),
  ]);
  for (const { reference, verified, place } of features) {
    if (!wanted.has(reference))
      yield {
        place,
        message: `no devcontainer.json here uses ${reference} any more; ${renew}`,
        fixes: renewed.kept.has(reference) ? [] : () => offerLock(renewed),
      };
    else if (!verified)
      yield {
        place,
        message: `${reference} is locked without a digest, so it is not checked; ${renew}`,
        ...mending(reference),
      };
  }
}
