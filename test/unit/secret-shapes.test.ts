import { expect, test } from 'vitest';
import { findSecrets } from '../../src/core/secret-shapes.js';

// Made of parts, so that no scanner takes this file for a leak.
const body = 'Zk9wQ2mT7rLx4VbN8sHd3JfYp6GcAe1uRi5oXa0q';
const hex = '9f3c1e7a5b2d8046'.repeat(4);

test.each([
  ['a GitHub token', `ghs_${body}`],
  ['a GitHub token', `github_pat_${body}`],
  ['a GitLab token', `glpat-${body}`],
  ['a GitLab token', `glptt-${body}`],
  ['an Anthropic key', `sk-ant-${body}`],
  ['an OpenAI key', `sk-proj-${body}`],
  ['an OpenRouter key', `sk-or-${body}`],
  ['an AWS access key', `ASIA${body.toUpperCase().slice(0, 16)}`],
  ['a Google key', `AIza${body.slice(0, 35)}`],
  ['a Google key', `ya29.${body}`],
  ['a Slack token', `xoxb-${body}`],
  ['an npm token', `npm_${body.slice(0, 36)}`],
  ['a PyPI token', `pypi-AgE${body}`],
  ['a RubyGems key', `rubygems_${hex.slice(0, 48)}`],
  ['a Docker Hub token', `dckr_pat_${body}`],
  ['a Hugging Face token', `hf_${body.slice(0, 34)}`],
  ['a Vault token', `hvs.${body}`],
  ['a SendGrid key', `SG.${body.slice(0, 22)}.${body}`],
  ['a Stripe key', `rk_live_${body}`],
  ['a Shopify token', `shpat_${hex.slice(0, 32)}`],
  ['a DigitalOcean token', `dop_v1_${hex}`],
  ['a Linear key', `lin_api_${body}`],
  ['a Groq key', `gsk_${body}`],
  ['an NVIDIA key', `nvapi-${body}`],
  ['a Tailscale key', `tskey-auth-${body}`],
  ['an Atlassian token', `ATATT3${body}`],
  ['an age key', `AGE-SECRET-KEY-1${`${body}${body}`.toUpperCase().slice(0, 58)}`],
  ['a private key', `-----BEGIN OPENSSH ${'PRIVATE'} KEY-----\n${body}\n${body}`],
  ['a signed token (JWT)', `eyJ${body}.eyJ${body}.${body}`],
  ['a password in an address', `postgres://shop:${body}@db.shop.dev/shop`],
  ['a password in an address', `redis://:${body}@cache.shop.dev:6379/0`],
])('%s is found by its form alone: %s', (what, secret) => {
  expect(findSecrets(`{ "value": "${secret}" }`)).toMatchObject([{ what }]);
});
