import type { Container, Declared, Feature } from '../../container/container.js';
import { type Loose, pinAll, splitKnown } from '../../container/pins.js';
import type { Pin, Rule } from '../../core/rule.js';
import { isExact } from '../../core/versions.js';

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
          '{\n  "features": { «"ghcr.io/devcontainers/features/node:latest"»: { "version": "24" } }\n}\n',
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
    {
      bad: '{\n  "features": {\n    «"ghcr.io/devcontainers/features/node:1"»: {},\n    «"ghcr.io/devcontainers/features/git:1.3"»: {}\n  }\n}\n',
      persona: 'pedantic',
      online: [
        {
          source: 'feature',
          name: 'ghcr.io/devcontainers/features/node',
          range: '1',
          pin: { version: '1.7.1', from: 'ghcr.io' },
        },
        {
          source: 'feature',
          name: 'ghcr.io/devcontainers/features/git',
          range: '1.3',
          pin: { version: '1.3.7', from: 'ghcr.io' },
        },
      ],
      fixed:
        '{\n  "features": {\n    "ghcr.io/devcontainers/features/node:1.7.1": {},\n    "ghcr.io/devcontainers/features/git:1.3.7": {}\n  }\n}\n',
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
  mayShow: ({ features }) => features.some(({ value }) => isOpen(value)),
  *check(container, project) {
    const floating = container.features.filter(
      ({ value }) => value.origin === 'registry' && value.digest === undefined && !isLocked(value, container),
    );
    const open = floating.filter(({ value }) => isOpen(value));
    for (const part of splitKnown(open.map(asLoose(container)), project, '')) {
      const [first] = part;
      const more = part.length > 1 ? ` (one of ${part.length} such Features here)` : '';
      const pinning = pinAll(part, project, '');
      if (first)
        yield {
          ...pinning,
          // One for the whole list; what is not mended has a place that stays when the others are.
          place: pinning.fixes.length > 0 ? first.place : (container.featureList ?? first.place),
          message: `${first.value.reference} stands for whatever its publisher released last${more}; name at least the major version`,
        };
    }
    for (const feature of floating) {
      const { reference, version } = feature.value;
      if (version === undefined || !/^\d+(?:\.\d+)?$/.test(version)) continue;
      yield {
        ...pinAll([asLoose(container)(feature)], project, ''),
        place: feature.place,
        message: `${reference} takes each release of its publisher below ${version}; name the whole version, or keep a lock file`,
        persona: 'pedantic',
      };
    }
  },
};

/** Any release may come. */
function isOpen({ version }: Feature): boolean {
  return version === undefined || version === 'latest';
}

/** The lock file decides for the Feature as it is written. */
function isLocked({ reference }: Feature, { featureLock }: Container): boolean {
  return (featureLock?.features ?? []).some(
    (locked) => locked.verified && locked.reference === reference.trim().toLowerCase(),
  );
}

function asLoose({ featureLock }: Container): (feature: Declared<Feature>) => Loose & Declared<Feature> {
  return (feature) => {
    const { id, version = '', setVersion } = feature.value;
    // The same Feature, which the lock file knows under another version.
    const locked = featureLock?.features?.find(
      (one) => one.verified && one.reference.replace(/[:@][^/]*$/, '') === id,
    )?.version;
    return {
      ...feature,
      wanted: { source: 'feature', name: id, range: version },
      ...(locked !== undefined && isExact(locked) && { known: { version: locked, from: 'the lock file' } }),
      rewrite: (pin: Pin) => (pin.version === undefined ? [] : setVersion(pin.version)),
    };
  };
}
