import type { BuildArgument } from '../../container/build-settings.js';
import type { BuiltInstruction } from '../../container/built-instructions.js';
import type { Container } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { isSecretName } from '../../container/secret-names.js';
import type { Report, Rule } from '../../core/rule.js';
import { isPlaceholder, isThrowAway } from '../../core/secret-shapes.js';
import { textOf } from '../../core/text.js';

export const noSecretBuildArg: Rule<'image'> = {
  id: 'no-secret-build-arg',
  on: 'image',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Hand secrets to a build as secrets, not as arguments',
  why: 'The value of a build argument stays in the history of the image and in the cache of the builder: whoever has the image reads it with docker history, the agent in the container among them where it finds the image or its registry.',
  references: [
    'https://docs.docker.com/build/building/secrets/',
    'https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/',
    'https://cwe.mitre.org/data/definitions/538.html',
  ],
  examples: [
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": {\n    "dockerfile": "Dockerfile",\n    "args": { "VARIANT": "24", "NPM_TOKEN": «"${localEnv:NPM_TOKEN}"» },\n    "options": ["--build-arg", «"GITHUB_TOKEN"»]\n  }\n}\n',
        '.devcontainer/Dockerfile':
          'FROM node:24\nARG NPM_TOKEN\nRUN npm config set //registry.npmjs.org/:_authToken "$NPM_TOKEN"\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": {\n    "dockerfile": "Dockerfile",\n    "args": { "VARIANT": "24" }\n  }\n}\n',
        '.devcontainer/Dockerfile':
          'FROM node:24\nARG NPM_TOKEN\nRUN npm config set //registry.npmjs.org/:_authToken "$NPM_TOKEN"\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }\n',
        '.devcontainer/Dockerfile': 'FROM node:24\nARG «API_KEY=k3vQ9wTz71LmX0aR»\nRUN ./fetch.sh\n',
      },
    },
    {
      bad: {
        Dockerfile:
          'FROM node:24\nARG NPM_TOKEN\nARG DB_PASSWORD\nENV «NPM_AUTH=$NPM_TOKEN»\nRUN echo hello\n«RUN ./migrate --password "${DB_PASSWORD}"»\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    build:\n      context: .\n      args:\n        VARIANT: "24"\n        NPM_TOKEN: «${NPM_TOKEN}»\n  worker:\n    build:\n      context: .\n      args:\n        - «GH_TOKEN»\n        - VARIANT=24\n',
        '.devcontainer/Dockerfile': 'FROM node:24\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    build:\n      context: .\n      args:\n        VARIANT: "24"\n  worker:\n    build:\n      context: .\n      args:\n        - VARIANT=24\n',
        '.devcontainer/Dockerfile': 'FROM node:24\n',
      },
    },
  ],
  good: [
    {
      '.devcontainer/devcontainer.json':
        '{ "build": { "dockerfile": "Dockerfile", "args": { "TOKEN_FILE": "/x", "DB_PASSWORD": "postgres", "NPM_TOKEN": "", "API_KEY": "<your key>" }, "options": ["--secret=id=NPM_TOKEN,env=NPM_TOKEN"] } }',
      '.devcontainer/Dockerfile':
        'FROM node:24\nARG NPM_TOKEN\nARG OTHER_TOKEN=\nARG PASSWORD=changeme\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm ci --token "$NPM_TOKEN"\n',
    },
    {
      Dockerfile:
        'FROM node:24\nARG NPM_TOKEN\nARG NODE_VERSION=24\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm ci --token "$NPM_TOKEN"\nRUN echo "$NODE_VERSION"\n',
    },
  ],
  mayShow: ({ buildArguments, instructions }) => buildArguments.length > 0 || instructions.length > 0,
  *check(container) {
    for (const { value, place, remove } of container.buildArguments) {
      if (!isFed(value)) continue;
      const use = container.instructions.find((instruction) => uses(instruction, value.name));
      yield {
        place,
        message: `the build argument ${value.name} stays in the image's history; hand it over with --secret=id=${value.name},env=${value.name} and RUN --mount=type=secret,id=${value.name},env=${value.name}`,
        related: use ? [{ place: { file: use.file, at: use.at }, message: 'it is used here' }] : [],
        fixes: () =>
          offerFix(
            'take the argument out',
            'a secret that reached an image is known: replace it; steps that need it want a secret mount',
            remove(),
          ),
      };
    }
    yield* checkDefaults(container);
    // Who builds a Dockerfile that stands alone is not known; what is used there is likely given.
    if (container.dockerfile?.path === container.file.path) yield* checkUses(container);
  },
};

function isFed({ name, value, hostVariables }: BuildArgument): boolean {
  if (!isSecretName(name)) return false;
  if (hostVariables.length > 0) return true;
  return value !== undefined && isReal(value);
}

function isReal(value: string): boolean {
  return value !== '' && !value.startsWith('$') && !isPlaceholder(value) && !isThrowAway(value);
}

/** Defaults stand in the Dockerfile and in the history. */
function* checkDefaults({ instructions }: Container): Iterable<Report> {
  for (const { keyword, variables, file } of instructions) {
    if (keyword !== 'ARG') continue;
    for (const { name, value, at } of variables)
      if (value !== undefined && isSecretName(name) && isReal(value))
        yield {
          place: { file, at },
          message: `the argument ${name} has a default that stays in the image's history; replace the secret and mount it with RUN --mount=type=secret`,
          secret: true,
        };
  }
}

function* checkUses({ instructions }: Container): Iterable<Report> {
  const names = instructions.flatMap(({ keyword, variables }) =>
    keyword === 'ARG'
      ? variables.filter(({ name, value }) => !value && isSecretName(name)).map(({ name }) => name)
      : [],
  );
  for (const name of new Set(names)) {
    const use = instructions.find((instruction) => uses(instruction, name));
    if (!use) continue;
    const variable = use.variables.find(({ value }) => mentions(value ?? '', name));
    yield {
      place: { file: use.file, at: variable?.at ?? use.at },
      message: `the build argument ${name} is used here, so it stays in the image's history; mount it with RUN --mount=type=secret,id=${name},env=${name}`,
      confidence: 'medium',
    };
  }
}

/** Whether an instruction uses the argument itself, and not a secret that is mounted under its name. */
function uses(instruction: BuiltInstruction, name: string): boolean {
  const { keyword, flags, file, at } = instruction;
  if (keyword !== 'RUN' && keyword !== 'ENV') return false;
  const isMounted = flags.some(
    (flag) => flag.name === 'mount' && /type=secret/.test(flag.value) && flag.value.includes(name),
  );
  return !isMounted && mentions(textOf({ file, at }), name);
}

function mentions(text: string, name: string): boolean {
  if (!/^\w+$/.test(name)) return false;
  return new RegExp(`\\$(?:\\{${name}\\b|${name}\\b)`).test(text);
}
