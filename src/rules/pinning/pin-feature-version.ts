import type { Container, Declared, Feature } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import type { Fix, Rule } from '../../core/rule.js';

export const pinFeatureVersion: Rule<'container'> = {
  id: 'pin-feature-version',
  on: 'container',
  severity: 'info',
  confidence: 'high',
  persona: 'default',
  summary: 'Say which version of a Feature is installed',
  why: 'A Feature is a script that runs as root while the container is built. Without a version, the next build runs whatever its publisher released last.',
  references: [
    'https://containers.dev/implementors/features/#referencing-a-feature',
    'https://containers.dev/implementors/features-distribution/#versioning',
    'https://attack.mitre.org/techniques/T1195/002/',
  ],
  examples: [
    {
      bad: '{\n  «"features"»: {\n    "ghcr.io/devcontainers/features/node": {},\n    "ghcr.io/devcontainers/features/git:latest": {},\n    "./local": {}\n  }\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  «"features"»: { "ghcr.io/devcontainers/features/node:latest": { "version": "24" } }\n}\n',
        '.devcontainer/devcontainer-lock.json':
          '{ "features": { "ghcr.io/devcontainers/features/node:1": { "version": "1.7.1", "resolved": "ghcr.io/devcontainers/features/node@sha256:8c0de46939b61958041700ee89e3493f3b2e4131a06dc46b4d9423427d06e5f6", "integrity": "sha256:8c0de46939b61958041700ee89e3493f3b2e4131a06dc46b4d9423427d06e5f6" } } }\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "features": { "ghcr.io/devcontainers/features/node:1.7.1": { "version": "24" } }\n}\n',
        '.devcontainer/devcontainer-lock.json':
          '{ "features": { "ghcr.io/devcontainers/features/node:1": { "version": "1.7.1", "resolved": "ghcr.io/devcontainers/features/node@sha256:8c0de46939b61958041700ee89e3493f3b2e4131a06dc46b4d9423427d06e5f6", "integrity": "sha256:8c0de46939b61958041700ee89e3493f3b2e4131a06dc46b4d9423427d06e5f6" } } }\n',
      },
    },
    {
      bad: '{ "features": { «"ghcr.io/devcontainers/features/node:1"»: {}, «"ghcr.io/devcontainers/features/git:1.3"»: {} } }\n',
      persona: 'pedantic',
    },
  ],
  good: [
    '{ "features": { "ghcr.io/devcontainers/features/node:1": {}, "./local": {}, "docker-in-docker": "latest" } }',
    '{ "features": { "ghcr.io/devcontainers/features/node:1.7.1": {} } }',
    '{ "features": { "ghcr.io/devcontainers/features/node@sha256:8c0de46939b61958041700ee89e3493f3b2e4131a06dc46b4d9423427d06e5f6": {} } }',
    '{ "features": { "localhost:5000/features/node:${templateOption:nodeFeature}": {} } }',
    '{ "features": { "https://example.com/devcontainer-feature-a.tgz": {} } }',
    {
      '.devcontainer/devcontainer.json': '{ "features": { "ghcr.io/devcontainers/features/Node": {} } }',
      '.devcontainer/devcontainer-lock.json':
        '{ "features": { "ghcr.io/devcontainers/features/node": { "version": "1.7.1", "resolved": "ghcr.io/devcontainers/features/node@sha256:8c0de46939b61958041700ee89e3493f3b2e4131a06dc46b4d9423427d06e5f6", "integrity": "sha256:8c0de46939b61958041700ee89e3493f3b2e4131a06dc46b4d9423427d06e5f6" } } }',
    },
  ],
  *check(container) {
    const floating = container.features.filter(
      ({ value }) => value.origin === 'registry' && value.digest === undefined && !isLocked(value, container),
    );
    const open = floating.filter(({ value: { version } }) => version === undefined || version === 'latest');
    const [first] = open;
    if (first) {
      const more = open.length > 1 ? ` (one of ${open.length} such Features here)` : '';
      yield {
        // One for the whole list, at a place that stays when one of them goes.
        place: container.featureList ?? first.place,
        message: `${first.value.reference} stands for whatever its publisher released last${more}; name at least the major version`,
        fixes: open.flatMap((feature) => offerLocked(feature, container)),
      };
    }
    for (const feature of floating) {
      const { reference, version } = feature.value;
      if (version === undefined || !/^\d+(?:\.\d+)?$/.test(version)) continue;
      yield {
        place: feature.place,
        message: `${reference} takes each release of its publisher below ${version}; name the whole version, or keep a lock file`,
        persona: 'pedantic',
        fixes: offerLocked(feature, container),
      };
    }
  },
};

/** The lock file decides for the Feature as it is written. */
function isLocked({ reference }: Feature, { featureLock }: Container): boolean {
  return (featureLock?.features ?? []).some(
    (locked) => locked.verified && locked.reference === reference.trim().toLowerCase(),
  );
}

/** The version that the lock file has for the same Feature, which it knows under another version. */
function offerLocked({ value }: Declared<Feature>, { featureLock }: Container): readonly Fix[] {
  const locked = featureLock?.features?.find(
    (one) => one.verified && one.reference.replace(/[:@][^/]*$/, '') === value.id,
  );
  if (!locked?.version || !/^\d+\.\d+\.\d+/.test(locked.version)) return [];
  return offerFix(
    `set the version ${locked.version} that the lock file has`,
    'newer versions come in only when somebody names them',
    value.setVersion(locked.version),
  );
}
