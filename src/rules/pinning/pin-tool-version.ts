import { type ContainerCommand, commandsOf } from '../../container/commands.js';
import type { Container } from '../../container/container.js';
import { type Install, readInstalls } from '../../container/installs.js';
import { type Loose, pinAll, respell, splitKnown, wantedNpm, wantedPypi } from '../../container/pins.js';
import type { Pin, Project, Report, Rule } from '../../core/rule.js';
import { projectRootOf } from '../../documents/kinds.js';

const lock =
  '{\n  "packages": {\n    "node_modules/typescript": {\n      "version": "5.9.3"\n    }\n  }\n}\n';

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
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "image": "node:24", "postCreateCommand": "npm i -g «typescript» prettier@latest && pipx install «\\"poetry>=2\\"»" }\n',
        'package-lock.json': lock,
      },
      online: [
        {
          source: 'npm',
          name: 'prettier',
          range: 'latest',
          pin: { version: '3.7.1', from: 'registry.npmjs.org' },
        },
        { source: 'pypi', name: 'poetry', range: '>=2', pin: { version: '2.2.1', from: 'pypi.org' } },
      ],
      fixed: {
        '.devcontainer/devcontainer.json':
          '{ "image": "node:24", "postCreateCommand": "npm i -g typescript@5.9.3 prettier@3.7.1 && pipx install \\"poetry==2.2.1\\"" }\n',
        'package-lock.json': lock,
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
  *check(container, project) {
    yield* checkArguments(container);
    const root = projectRootOf(container.file.path);
    for (const command of commandsOf(container)) {
      const items = readInstalls(command)
        .filter(({ what, pinned }) => !pinned && !own.test(what))
        .map((install) => asLoose(install, command, project, root));
      for (const part of splitKnown(items, project, root)) yield* reportOn(part, project, root);
    }
  },
};

type LooseTool = Loose & { readonly install: Install; readonly command: ContainerCommand };

function asLoose(install: Install, command: ContainerCommand, project: Project, root: string): LooseTool {
  const { what, at, source } = install;
  // `name`, `name[extra]`, `@scope/name`, and what is said of a version behind it.
  const [, name = what, tag, range = tag ?? ''] = /^(@?[^@<>=~!]+)(?:@(.*)|([<>=~!].*))?$/s.exec(what) ?? [];
  const isNpm = source === 'npm';
  const rewrite = ({ version }: Pin) =>
    respell(command.placeOf(at), what, `${name}${isNpm ? '@' : '=='}${version}`);
  const wanted = isNpm ? wantedNpm(name, range, project, root) : source && wantedPypi(name, range);
  return { install, command, wanted, rewrite };
}

function* reportOn(tools: readonly LooseTool[], project: Project, root: string): Iterable<Report> {
  const [first] = tools;
  if (!first) return;
  const names = tools.map(({ install }) => install.what);
  const shown =
    names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  yield {
    ...pinAll(tools, project, root),
    place: first.command.placeOf(first.install.at),
    message: `${shown}: whatever version is newest by then; name one (${first.install.form})`,
  };
}

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
