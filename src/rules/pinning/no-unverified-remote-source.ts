import type { BuiltInstruction } from '../../container/built-instructions.js';
import type { Container, Declared, Feature } from '../../container/container.js';
import type { Report, Rule } from '../../core/rule.js';
import { flagOf, splitHereDocuments } from '../../documents/dockerfile.js';

export const noUnverifiedRemoteSource: Rule<'image'> = {
  id: 'no-unverified-remote-source',
  on: 'image',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Check what an image is made from, and fetch it over a connection that is checked',
  why: 'What is fetched while the image is built becomes part of the container, often run as root. Over plain http anybody on the way chooses it; without a digest, whoever holds the address does, and a cached image is the only trace.',
  decide:
    'Which content is the right one. Download it once, look at it, and write its digest or commit down: a digest of whatever comes now would approve what nobody looked at.',
  references: [
    'https://docs.docker.com/reference/dockerfile/#add---checksum',
    'https://containers.dev/implementors/features-distribution/#directly-reference-tarball',
    'https://cwe.mitre.org/data/definitions/494.html',
    'https://cwe.mitre.org/data/definitions/319.html',
  ],
  examples: [
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }\n',
        '.devcontainer/Dockerfile':
          'FROM debian:13\nADD «http://downloads.example.com/tool.tgz» /opt/\nADD --keep-git-dir=true «https://github.com/o/r.git#main» /src\n',
      },
    },
    {
      bad: '{\n  "image": "debian:13",\n  "features": {\n    «"http://example.com/devcontainer-feature-a.tgz"»: {},\n    «"https://example.com/devcontainer-feature-b.tgz"»: {}\n  }\n}\n',
    },
    {
      bad: { Dockerfile: 'FROM debian:13\nADD «https://example.com/tool» /usr/local/bin/\n' },
      persona: 'pedantic',
    },
  ],
  good: [
    {
      Dockerfile:
        'FROM debian:13\nADD --checksum=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef http://example.com/a /a\nADD git@github.com:o/r.git#0123456789abcdef0123456789abcdef01234567 /r\nADD . /app\nADD rootfs.tar.xz /\nCOPY <<EOF /x\nADD http://example.com/ /x\nEOF\n',
    },
    {
      '.devcontainer/devcontainer.json':
        '{ "image": "debian:13", "features": { "https://example.com/devcontainer-feature-a.tgz": {}, "ghcr.io/o/f/g:1": {} } }',
      '.devcontainer/devcontainer-lock.json':
        '{ "features": { "https://example.com/devcontainer-feature-a.tgz": { "version": "1.0.0", "resolved": "https://example.com/devcontainer-feature-a.tgz", "integrity": "sha256:cb0c4d3c276f157eed17935747e364178d75fee17f55c4e129966f64633deb3a" } } }',
    },
  ],
  mayShow: ({ instructions, features }) =>
    instructions.some(({ keyword }) => keyword === 'ADD') ||
    features.some(({ value }) => value.origin === 'archive'),
  *check(container) {
    for (const instruction of container.instructions)
      if (instruction.keyword === 'ADD') yield* judgeAdd(instruction);
    for (const feature of container.features) yield* judgeFeature(feature, container);
  },
};

function* judgeAdd(instruction: BuiltInstruction): Iterable<Report> {
  const { file } = instruction;
  if (flagOf(instruction, 'checksum')) return;
  for (const { text, at } of splitHereDocuments(instruction, file).words.slice(0, -1)) {
    const place = { file, at };
    if (/^http:\/\//i.test(text))
      yield {
        place,
        message: `${text} comes over plain http, so anybody on the way can change it; use https and a checksum`,
        severity: 'error',
      };
    else if (/^git@|^https?:\/\/[^#]*\.git(?:#|$)|^git:\/\/|^ssh:\/\//i.test(text)) {
      if (!/#[0-9a-f]{40}(?::|$)/.test(text))
        yield { place, message: `${text} is whatever the branch or tag stands for by then; name a commit` };
    } else if (/^https:\/\//i.test(text))
      yield {
        place,
        message: `${text} is taken as it comes; add --checksum with the digest that it has now`,
        severity: 'info',
        persona: 'pedantic',
      };
  }
}

function* judgeFeature(feature: Declared<Feature>, { featureLock }: Container): Iterable<Report> {
  const { origin, reference } = feature.value;
  if (origin !== 'archive') return;
  if (/^http:\/\//i.test(reference.trim()))
    yield {
      place: feature.place,
      message: `${reference} comes over plain http, so anybody on the way can change what runs as root; use https`,
      severity: 'error',
    };
  else if (
    !featureLock?.features?.some((one) => one.verified && one.reference === reference.trim().toLowerCase())
  )
    yield {
      place: feature.place,
      message: `nothing says what ${reference} contains, and it runs as root; write a lock file with devcontainer upgrade`,
    };
}
