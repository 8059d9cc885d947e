import { wantedImage, withDigest } from '../../container/image-references.js';
import { pinAll, respell } from '../../container/pins.js';
import type { Pin, Rule } from '../../core/rule.js';

const now = 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';

export const pinImageDigest: Rule<'image'> = {
  id: 'pin-image-digest',
  on: 'image',
  severity: 'info',
  confidence: 'high',
  persona: 'pedantic',
  summary: 'Name images by digest, so that a tag that was moved changes nothing',
  why: 'A tag is a name that its owner, or whoever took the account over, can point at another image at any time. A digest is the content itself.',
  references: [
    'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
    'https://slsa.dev/spec/v1.1/threats#dependency-threats',
  ],
  examples: [
    { bad: '{\n  "image": «"mcr.microsoft.com/devcontainers/base:bookworm"»\n}\n' },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }\n',
        '.devcontainer/Dockerfile': 'ARG V=24\nFROM «node:${V}-slim»\nCOPY «--from=alpine:3.22» /a /a\n',
      },
    },
    {
      bad: { Dockerfile: 'FROM --platform=linux/amd64 «debian:13» AS base\n' },
      online: [
        { source: 'image', name: 'debian', range: '13', pin: { digest: now, from: 'registry-1.docker.io' } },
      ],
      fixed: { Dockerfile: `FROM --platform=linux/amd64 debian:13@${now} AS base\n` },
    },
  ],
  good: [
    '{ "image": "node:24@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }',
    '{ "image": "node" }',
    '{ "image": "localhost:5000/dev:1" }',
    '{ "image": "${localEnv:DEV_IMAGE}" }',
    '{ "build": { "dockerfile": "missing" } }',
  ],
  *check({ images }, project) {
    for (const { value, place } of images) {
      const { name, tag, digest, reference } = value;
      // Without a tag it is the question of pin-image-tag.
      if (tag === undefined || tag === 'latest' || digest !== undefined) continue;
      if (/^localhost(?::\d+)?\//.test(name)) continue;
      const rewrite = (pin: Pin) => respell(place, reference, withDigest(value, pin.digest));
      yield {
        ...pinAll([{ wanted: wantedImage(value), rewrite }], project, ''),
        place,
        message: `the tag of ${reference} can be moved to another image; add the digest that it has now`,
      };
    }
  },
};
