import { commandsOf } from '../../container/commands.js';
import type { Container } from '../../container/container.js';
import { readInstalls } from '../../container/installs.js';
import type { Report, Rule } from '../../core/rule.js';

export const pinToolVersion: Rule<'image'> = {
  id: 'pin-tool-version',
  on: 'image',
  severity: 'info',
  confidence: 'medium',
  persona: 'pedantic',
  summary: 'Say which version of a tool is installed',
  why: 'Without a version each rebuild takes what is newest: a release that was taken over an hour ago is in the container before anybody has noticed, with all that the container can reach.',
  references: [
    'https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-03-Dependency-Chain-Abuse',
    'https://slsa.dev/spec/v1.0/threats',
    'https://cwe.mitre.org/data/definitions/1357.html',
  ],
  examples: [
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile", "args": { "CLAUDE_CODE_VERSION": «"latest"» } },\n  "postCreateCommand": "pip install -e . && pipx install «poetry» && npx -y «skills@latest» add x"\n}\n',
        '.devcontainer/Dockerfile':
          'FROM node:24\nARG CLAUDE_CODE_VERSION\nARG «UV_VERSION=latest»\nRUN npm install -g «typescript» @anthropic-ai/claude-code@${CLAUDE_CODE_VERSION} prettier \\\n    && go install «golang.org/x/tools/gopls@latest» && cargo install --locked «ripgrep»\nRUN git clone --depth 1 «https://github.com/o/r» /opt/r\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "image": "node:24", "postCreateCommand": "bash .devcontainer/setup.sh" }\n',
        '.devcontainer/setup.sh':
          '#!/bin/bash\nsudo npm i --global «@openai/codex»\nuv tool install «ruff»\npython3 -m pip install --user «"black>=24"»\n',
      },
    },
  ],
  good: [
    {
      '.devcontainer/devcontainer.json':
        '{ "build": { "dockerfile": "Dockerfile", "args": { "UV_VERSION": "0.9.2" } }, "postCreateCommand": "npm ci && npm install express && npx playwright install && uv sync && pip install -r requirements.txt && pip install --upgrade pip" }',
      '.devcontainer/Dockerfile':
        'FROM node:24\nARG UV_VERSION=latest\nRUN npm i -g typescript@5.9.3 ./local @a/b@1.0.0 && pip install ruff==0.14.0 "black[d]==25.9.0" . && go install golang.org/x/tools/gopls@v0.20.0\nRUN cargo install --locked ripgrep --version 15.0.0 && gem install bundler -v 2.7.2 && git clone --branch v1.2.3 https://github.com/o/r\nRUN apt-get update && apt-get install -y git\n',
    },
  ],
  *check(container) {
    yield* checkArguments(container);
    for (const command of commandsOf(container)) {
      const loose = readInstalls(command).filter(({ what, pinned }) => !pinned && !own.test(what));
      const [first] = loose;
      if (!first) continue;
      const names = loose.map(({ what }) => what);
      const shown =
        names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
      yield {
        place: command.placeOf(first.at),
        message: `${shown}: whatever version is newest by then; name one (${first.form})`,
      };
    }
  },
};

/** Installers are brought up to date before they are used. */
const own = /^(?:pip|setuptools|wheel|npm|corepack)(?:@latest)?$/;

/** Arguments that say that the newest is wanted. */
function* checkArguments({ buildArguments, instructions }: Container): Iterable<Report> {
  const given = new Set(buildArguments.map(({ value }) => value.name));
  for (const { value, place } of buildArguments)
    if (isNewest(value.name, value.value)) yield { place, message: messageOf(value.name) };
  for (const { keyword, variables, file } of instructions) {
    if (keyword !== 'ARG' && keyword !== 'ENV') continue;
    for (const { name, value, at } of variables)
      if (!(keyword === 'ARG' && given.has(name)) && isNewest(name, value))
        yield { place: { file, at }, message: messageOf(name) };
  }
}

function isNewest(name: string, value: string | undefined): boolean {
  return /(?:^|_)VERSION$/i.test(name) && /^(?:latest|newest)$/i.test(value ?? '');
}

function messageOf(name: string): string {
  return `${name} is latest: each rebuild may bring another version; name one`;
}
