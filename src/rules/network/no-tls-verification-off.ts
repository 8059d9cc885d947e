import { offerFix } from '../../container/fixes.js';
import type { Edit, Fix, Report, Rule } from '../../core/rule.js';
import type { SourceFile, Span } from '../../core/text.js';
import { type JsonNode, members, spanOf } from '../../documents/json.js';
import { removeFrom } from '../../documents/remove-nodes.js';
import { commandsIn } from '../../documents/source-commands.js';
import type { SourceText } from '../../documents/source-text.js';
import { mayName, variablesIn } from '../../documents/source-variables.js';
import {
  findUnchecked,
  mayNotCheck,
  type UncheckedConnection,
} from '../../documents/unchecked-connections.js';

export const noTlsVerificationOff: Rule<'source-text'> = {
  id: 'no-tls-verification-off',
  on: 'source-text',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Leave the checks of certificates and signatures on',
  why: 'Without the check anybody on the way, on the same wireless network or in a proxy, answers in the place of the server: what is downloaded is theirs to choose, and tokens that are sent are theirs to keep.',
  references: [
    'https://cwe.mitre.org/data/definitions/295.html',
    'https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue',
    'https://curl.se/docs/sslcerts.html',
    'https://manpages.debian.org/stable/apt/apt-secure.8.en.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "containerEnv": {\n    "NODE_TLS_REJECT_UNAUTHORIZED": «"0"»,\n    "TZ": "UTC"\n  },\n  "postCreateCommand": "git config --global http.sslVerify «false» && npm ci"\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "containerEnv": {\n    "TZ": "UTC"\n  },\n  "postCreateCommand": "git config --global http.sslVerify true && npm ci"\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }\n',
        '.devcontainer/Dockerfile':
          'FROM debian:13\nENV «PYTHONHTTPSVERIFY=0»\nRUN apt-get update \\\n    && apt-get install -y «--allow-unauthenticated» curl \\\n    && curl «-fsSLk» -o /tmp/a https://example.com/a\nRUN pip install «--trusted-host pypi.org» x\nRUN echo «"StrictHostKeyChecking no"» >> /etc/ssh/ssh_config\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }\n',
        '.devcontainer/Dockerfile':
          'FROM debian:13\nRUN apt-get update \\\n    && apt-get install -y curl \\\n    && curl -fsSL -o /tmp/a https://example.com/a\nRUN pip install x\nRUN echo "StrictHostKeyChecking accept-new" >> /etc/ssh/ssh_config\n',
      },
    },
    {
      bad: {
        '.vscode/settings.json': '{\n  "http.proxyStrictSSL": «false»,\n  "files.eol": "\\n"\n}\n',
      },
      fixed: { '.vscode/settings.json': '{\n  "files.eol": "\\n"\n}\n' },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "image": "debian:13", "postCreateCommand": "bash .devcontainer/setup.sh" }\n',
        '.devcontainer/setup.sh': '#!/bin/bash\nwget «--no-check-certificate» https://example.com/a\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{ "image": "debian:13", "postCreateCommand": "bash .devcontainer/setup.sh" }\n',
        '.devcontainer/setup.sh': '#!/bin/bash\nwget https://example.com/a\n',
      },
    },
    {
      bad: '{ "image": "debian:13", "postStartCommand": "curl «-k» https://localhost:8443/health" }\n',
      fixed: '{ "image": "debian:13", "postStartCommand": "curl https://localhost:8443/health" }\n',
      persona: 'pedantic',
    },
  ],
  good: [
    '{ "postCreateCommand": "curl -K conf -sSfL https://example.com -o k && tar -k x && ls -k", "containerEnv": { "NODE_TLS_REJECT_UNAUTHORIZED": "1", "GIT_SSL_NO_VERIFY": "" } }',
    {
      '.claude/settings.json':
        '{ "permissions": { "deny": ["Bash(curl -k *)", "Bash(git -c http.sslVerify=false *)"] }, "env": { "NODE_EXTRA_CA_CERTS": "/etc/ssl/ca.pem" } }',
    },
    {
      '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile':
        'FROM debian:13\n# RUN curl -k https://example.com\nRUN echo "do not use curl -k" && grep -k x y && curl -o k https://example.com/k\nRUN git config --global http.sslVerify true\n',
    },
  ],
  mayShow: ({ file }) =>
    mayNotCheck.test(file.text) || maySet.test(file.text) || mayName(file, variableNames),
  *check(source) {
    yield* checkVariables(source);
    for (const command of commandsIn(source, mayNotCheck))
      for (const found of findUnchecked(command)) yield reportOf(found, source.file);
    if (source.document?.root && maySet.test(source.file.text))
      yield* checkSettings(source.document.root, source);
  },
};

const meanings: Readonly<Record<UncheckedConnection['kind'], string>> = {
  certificate: 'takes whoever answers for the server; install the certificate authority instead',
  signature: 'installs packages that nobody signed; add the key of the repository instead',
  'host key': 'takes whoever answers for the host; put its key into known_hosts, or use accept-new',
};

function reportOf({ what, at, kind, text, isLocal }: UncheckedConnection, file: SourceFile): Report {
  return {
    place: { file, at },
    message: `${what} ${meanings[kind]}`,
    ...(isLocal && { severity: 'info', persona: 'pedantic' }),
    fixes: () => (kind === 'host key' ? learnKey(at, file) : text === undefined ? [] : mend(text, at, file)),
  };
}

/** The key of a host that was never seen is taken, one that changed is not. */
function learnKey(at: Span, file: SourceFile): readonly Fix[] {
  const match = /(StrictHostKeyChecking[= ])no\b/i.exec(file.text.slice(at.start, at.end));
  if (!match) return [];
  const start = at.start + match.index + (match[1] ?? '').length;
  return offerFix('take new keys only', 'a host whose key has changed is refused', [
    { file: file.path, at: { start, end: start + 2 }, text: 'accept-new' },
  ]);
}

/** Writes the text in the place of the words; without one they go with the blanks before them. */
function mend(text: string, { start, end }: Span, file: SourceFile): readonly Fix[] {
  // A word in quotes of its own is an argument, which may not become an empty one.
  if (text === '' && /["']/.test(file.text[start - 1] ?? '')) return [];
  let from = start;
  while (text === '' && from > 0 && /[ \t]/.test(file.text[from - 1] ?? '')) from -= 1;
  const edits: readonly Edit[] = [{ file: file.path, at: { start: from, end }, text }];
  return offerFix('turn the check on', failing, edits);
}

const failing = 'the connection fails where its certificate or key is not known';

/** Variables that turn checks off, and the values by which they do. */
const variables: Readonly<Record<string, RegExp>> = {
  NODE_TLS_REJECT_UNAUTHORIZED: /^0$/,
  PYTHONHTTPSVERIFY: /^0$/,
  GIT_SSL_NO_VERIFY: /^(?!(?:0|false|no|off)?$)/i,
  NPM_CONFIG_STRICT_SSL: /^false$/i,
  npm_config_strict_ssl: /^false$/i,
  YARN_ENABLE_STRICT_SSL: /^(?:0|false)$/i,
  PIP_TRUSTED_HOST: /./,
  UV_INSECURE_HOST: /./,
  CONDA_SSL_VERIFY: /^(?:0|false|no)$/i,
  GIT_SSH_COMMAND: /StrictHostKeyChecking[= ]no\b/i,
  AIDER_VERIFY_SSL: /^(?:0|false|no)$/i,
};
const variableNames = Object.keys(variables);

function* checkVariables(source: SourceText): Iterable<Report> {
  for (const { name, value, at, remove } of variablesIn(source, variableNames)) {
    if (!variables[name]?.test(value)) continue;
    yield {
      place: { file: source.file, at },
      message: `${name}=${value.slice(0, 80)} ${meanings[name === 'GIT_SSH_COMMAND' ? 'host key' : 'certificate']}`,
      fixes: () => offerFix(`remove ${name}`, failing, remove()),
    };
  }
}

/** A text without one of these sets none: a backslash may spell any sign of a key. */
const maySet = /proxyStrictSSL|verify-ssl|strict-ssl|strictSSL|\\/;
const settings = /^(?:http\.proxyStrictSSL|verify-ssl|strict-ssl|strictSSL)$/;

function* checkSettings(node: JsonNode, source: SourceText): Iterable<Report> {
  const { file, document } = source;
  for (const { key, value } of members(node)) {
    if (settings.test(key) && value.value === false)
      yield {
        place: { file, at: spanOf(value) },
        message: `${key} is false: it ${meanings.certificate}`,
        fixes: () => offerFix(`remove ${key}`, failing, document ? removeFrom(document, [value]) : []),
      };
    else yield* checkSettings(value, source);
  }
}
