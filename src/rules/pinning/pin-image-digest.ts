import type { Rule } from '../../core/rule.js';

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
  ],
  good: [
    '{ "image": "node:24@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }',
    '{ "image": "node" }',
    '{ "image": "localhost:5000/dev:1" }',
    '{ "image": "${localEnv:DEV_IMAGE}" }',
    '{ "build": { "dockerfile": "missing" } }',
  ],
  *check({ images }) {
    for (const { value, place } of images) {
      const { name, tag, digest, reference } = value;
      // Without a tag it is the question of pin-image-tag.
      if (tag === undefined || tag === 'latest' || digest !== undefined) continue;
      if (/^localhost(?::\d+)?\//.test(name)) continue;
      yield {
        place,
        message: `the tag of ${reference} can be moved to another image; add the digest that it has now`,
      };
    }
  },
};
