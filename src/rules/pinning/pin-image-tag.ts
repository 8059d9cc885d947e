import type { Container, Declared } from '../../container/container.js';
import { type ImageReference, wantedImage, withDigest } from '../../container/image-references.js';
import { type Loose, pinAll, respell, splitKnown } from '../../container/pins.js';
import type { Pin, Project, Report, Rule } from '../../core/rule.js';

const now = 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';

export const pinImageTag: Rule<'image'> = {
  id: 'pin-image-tag',
  on: 'image',
  severity: 'info',
  confidence: 'high',
  persona: 'default',
  summary: 'Say which version of an image the container is made from',
  why: 'Without a tag, or with latest, the container is another one after each pull: nobody decided for what came in, and nobody can tell what an agent worked in last week.',
  decide:
    "Which version the project is for: its language's and the distribution's. The newest one is known to the registry, the right one to the project.",
  references: [
    'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
    'https://containers.dev/implementors/json_reference/#image-specific',
    'https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-03-Dependency-Chain-Abuse',
  ],
  examples: [
    { bad: '{\n  "image": «"mcr.microsoft.com/devcontainers/base"»\n}\n' },
    { bad: '{\n  "image": «"registry.example.com:5000/team/dev:latest"»\n}\n' },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }\n',
        '.devcontainer/Dockerfile':
          'ARG VARIANT=latest\nFROM «python:$VARIANT» AS tools\nFROM debian\nCOPY --from=tools /usr/local /usr/local\nCOPY --from=busybox /bin/sh /bin/busybox\n',
      },
    },
    {
      bad: {
        Dockerfile:
          'FROM golang:1.26 AS build\nFROM scratch\nCOPY --from=build /a /a\nRUN «--mount=from=alpine,target=/m» true\n',
      },
    },
    {
      bad: {
        Dockerfile: 'FROM «debian» AS base\nFROM base\nCOPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/\n',
      },
      online: [
        { source: 'image', name: 'debian', range: '', pin: { digest: now, from: 'registry-1.docker.io' } },
        {
          source: 'image',
          name: 'ghcr.io/astral-sh/uv',
          range: 'latest',
          pin: { digest: now, from: 'ghcr.io' },
        },
      ],
      fixed: {
        Dockerfile: `FROM debian:latest@${now} AS base\nFROM base\nCOPY --from=ghcr.io/astral-sh/uv:latest@${now} /uv /bin/\n`,
      },
    },
  ],
  good: [
    '{ "image": "mcr.microsoft.com/devcontainers/base:bookworm" }',
    '{ "image": "mcr.microsoft.com/devcontainers/base@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }',
    '{ "image": "localhost:5000/dev:1" }',
    '{ "image": "localhost/dev" }',
    '{ "image": "" }',
    { Dockerfile: 'FROM REPLACE-ME\nUSER dev\n' },
    '{ "image": "${localEnv:DEV_IMAGE:node:24}" }',
    '{ "image": "mcr.microsoft.com/devcontainers/go:${templateOption:imageVariant}" }',
    {
      '.devcontainer/devcontainer.json':
        '{ "build": { "dockerfile": "Dockerfile", "args": { "VARIANT": "3.13" } } }',
      '.devcontainer/Dockerfile':
        'ARG VARIANT=latest\nARG OTHER\nFROM python:${VARIANT} AS base\nFROM ubuntu AS unused\nFROM base\nCOPY --from=base /a /b\nCOPY --from=0 /a /c\nCOPY --from=$OTHER /a /d\n',
    },
  ],
  mayShow: (container) => unpinned(container).length > 0,
  *check(container, project) {
    const seen = new Set<string>();
    for (const { place } of unpinned(container)) {
      // One for each file: the others are mended in the same go.
      if (seen.has(place.file.path)) continue;
      seen.add(place.file.path);
      const own = unpinned(container).filter((image) => image.place.file.path === place.file.path);
      for (const part of splitKnown(own.map(asLoose), project, '')) yield* reportOn(part, project);
    }
  },
};

type LooseImage = Loose & Declared<ImageReference>;

function asLoose(image: Declared<ImageReference>): LooseImage {
  const { value, place } = image;
  const rewrite = ({ digest }: Pin) => respell(place, value.reference, withDigest(value, digest));
  return { ...image, wanted: wantedImage(value), rewrite };
}

function* reportOn(images: readonly LooseImage[], project: Project): Iterable<Report> {
  const [first] = images;
  if (!first) return;
  const more = images.length > 1 ? ` (one of ${images.length} such images here)` : '';
  yield {
    ...pinAll(images, project, ''),
    place: first.place,
    message: `${first.value.reference} stands for whatever the registry calls latest${more}; name a version`,
  };
}

function unpinned({ images }: Container): Container['images'] {
  return images.filter(({ value }) => isUnpinned(value));
}

function isUnpinned({ name, tag, digest }: ImageReference): boolean {
  if (tag !== undefined && tag !== 'latest') return false;
  if (name === '' || digest !== undefined || /^localhost(?::\d+)?\//.test(name)) return false;
  // No registry has a name with capitals: a mark that something puts an image in the place of.
  if (/^[^$]*[A-Z]/.test(name.slice(name.indexOf('/') + 1))) return false;
  // The tag may be in a variable that ends the name.
  return tag !== undefined || !name.slice(name.lastIndexOf('/') + 1).includes('$');
}
