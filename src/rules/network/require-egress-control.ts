import type { Container } from '../../container/container.js';
import type { Rule } from '../../core/rule.js';

const config = '.devcontainer/devcontainer.json';
const feature = '"features": { «"ghcr.io/anthropics/devcontainer-features/claude-code:1.0"»: {} }';
const plain = feature.replace(/[«»]/g, '');
const compose = `{ "dockerComposeFile": "compose.yml", "service": "app", ${plain} }`;

export const requireEgressControl: Rule<'container'> = {
  id: 'require-egress-control',
  on: 'container',
  severity: 'warning',
  confidence: 'medium',
  persona: 'pedantic',
  summary: 'Limit what a container with an agent in it can send, and where',
  why: 'What an agent reads can tell it what to do. With an open network one such text is enough to send the source, a key or a login to any address; with a list of names that may be reached it gets as far as these.',
  references: [
    'https://code.claude.com/docs/en/devcontainer',
    'https://attack.mitre.org/techniques/T1048/',
    'https://attack.mitre.org/mitigations/M1037/',
  ],
  examples: [
    { bad: `{\n  "image": "node:24",\n  ${feature}\n}\n` },
    {
      bad: `{\n  "image": "node:24",\n  "containerEnv": { "HTTPS_PROXY": "http://proxy:3128" },\n  ${feature}\n}\n`,
    },
    {
      bad: {
        [config]: compose.replace(plain, feature),
        '.devcontainer/compose.yml': 'services:\n  app:\n    image: node:24\n',
      },
    },
  ],
  good: [
    '{ "image": "node:24", "postCreateCommand": "npm ci" }',
    `{ "image": "node:24", "runArgs": ["--network=none"], ${plain} }`,
    `{ "image": "node:24", "postStartCommand": "sudo my-egress-daemon --start", ${plain} }`,
    `{ "image": "node:24", "runArgs": ["--network", "container:gateway"], ${plain} }`,
    {
      [config]: `{ "image": "node:24", "postStartCommand": "sudo .devcontainer/init-firewall.sh", ${plain} }`,
      '.devcontainer/init-firewall.sh': '#!/bin/bash\nset -e\niptables -P OUTPUT DROP\n',
    },
    {
      [config]: compose,
      '.devcontainer/compose.yml':
        'services:\n  app:\n    image: node:24\n    networks: [inside]\nnetworks:\n  inside:\n    internal: true\n',
    },
    {
      [config]: compose,
      '.devcontainer/compose.yml':
        'services:\n  app:\n    image: node:24\n    network_mode: "service:gateway"\n  gateway:\n    image: proxy:1\n',
    },
  ],
  *check(container) {
    const [agent] = container.posture.agents;
    if (!agent || container.isNeighbour || container.firewall || isHeld(container)) return;
    const isProxied = container.environment.some(({ value }) => /^https?_proxy$/i.test(value.name));
    yield {
      place: agent.place,
      message: isProxied
        ? 'an agent works here, and only the variables of a proxy say where it sends: whatever does not read them gets out; refuse the rest with a firewall, or take the way around the proxy away'
        : 'an agent works here, and nothing limits where it can send; set a firewall at the start, as init writes one, or give it a network without a way out',
    };
  },
};

/** Whether its network has no way out of its own. */
function isHeld({ options, compose, lifecycle }: Container): boolean {
  // What it starts may set rules by other means than the ones that are known here.
  if (lifecycle.some(({ value }) => /firewall|egress/i.test(value.script ?? value.argv?.join(' ') ?? '')))
    return true;
  const isClosed = options.some(
    ({ value: { name, value = '' } }) =>
      /^--net(?:work)?$/.test(name) && /^(?:none|container:|service:)/.test(value),
  );
  const texts = compose?.documents.map(({ file }) => file.text.slice(0, longest)) ?? [];
  return (
    isClosed ||
    texts.some((text) =>
      /^\s{1,20}(?:internal:\s{0,4}true|network_mode:\s{0,4}["']?(?:none|service:|container:))/m.test(text),
    )
  );
}

/** A configuration is not longer; what is repeats itself. */
const longest = 200_000;
