import { isSecretName } from '../../container/secret-names.js';
import { looksRandom, shortest } from '../../container/secret-values.js';
import type { Report, Rule } from '../../core/rule.js';
import { describeSecret, secretsOf } from '../../core/secret-shapes.js';
import type { Span } from '../../core/text.js';
import { type JsonDocument, type JsonNode, members, spanOf, stringValue } from '../../documents/json.js';

export const noLiteralSecret: Rule<'source-text'> = {
  id: 'no-literal-secret',
  on: 'source-text',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Keep secrets out of configuration files',
  why: 'What stands in a file of the repository is read by everybody who may read the repository, stays in its history, and lies open to every process in the container. Taking it out is half of the mending: the secret is known and has to be replaced.',
  decide:
    'Nothing can be taken back: whoever could read the file knows the secret. Replace it where it was issued first, then choose where the new one comes from: a login made inside and kept in a volume, a variable of the host, or the secret store of the place that runs the container.',
  references: [
    'https://cwe.mitre.org/data/definitions/798.html',
    'https://attack.mitre.org/techniques/T1552/001/',
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
  ],
  examples: [
    {
      bad: {
        '.mcp.json':
          '{\n  "mcpServers": {\n    "github": {\n      "command": "github-mcp-server",\n      "env": { "GITHUB_TOKEN": "«ghp_Zk9wQ2mT7rLx4VbN8sHd3JfYp6GcAe1uRi5o»" }\n    }\n  }\n}\n',
      },
    },
    {
      bad: {
        '.claude/settings.json':
          '{ "env": { "DATABASE_URL": "postgres://app:«kV8-trQz2mX9w»@db.prod.internal/app", "SERVICE_TOKEN": «"q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc"» } }\n',
      },
    },
    { bad: '{\n  "containerEnv": { "DEPLOY_KEY": «"h3Kd8Zp2Qw7Lm5Xr9Tb4Vn6Jc1"» }\n}\n' },
    {
      bad: {
        '.codex/config.toml':
          '[mcp_servers.docs]\nurl = "https://docs.example.com/mcp"\nhttp_headers = { Authorization = "Bearer «sk-ant-api03-Qw7Lm5Xr9Tb4Vn6Jc1h3Kd8Zp2»" }\n',
      },
    },
  ],
  good: [
    {
      '.mcp.json':
        '{ "mcpServers": { "a": { "command": "x", "env": { "GITHUB_TOKEN": "${GITHUB_TOKEN}", "API_KEY": "<your-api-key>", "SECRET": "op://vault/item/field", "OTHER_TOKEN": "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" } } } }',
    },
    {
      '.claude/settings.json':
        '{ "permissions": { "deny": ["Read(**/*secret*)", "Bash(echo ghp_*)"] }, "hooks": { "PreToolUse": [{ "matcher": "Bash", "hooks": [{ "type": "command", "command": "grep -qE \'-----BEGIN .* PRIVATE KEY-----|AKIA[0-9A-Z]{16}\' && exit 2" }] }] } }',
    },
    '{ "containerEnv": { "POSTGRES_PASSWORD": "postgres", "DATABASE_URL": "postgres://user:password@db:5432/app", "TOKEN_FILE": "/run/secrets/token", "MAX_TOKENS": "25000", "SESSION_SECRET": "development" } }',
    '{ "containerEnv": { "CACHE_KEY": "0f8fad5b-d9cb-469f-a165-70867728950e", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE" } }',
  ],
  mayShow: ({ file, document }) =>
    secretsOf(file).length > 0 || (document?.root !== undefined && mayHoldNamed(document.root)),
  *check({ file, document }) {
    const shown = secretsOf(file);
    for (const { start, end, what } of shown) {
      const value = file.text.slice(start, end);
      yield {
        place: { file, at: { start, end } },
        message: `holds ${what} in the open (${describeSecret(value)}): replace it where it was issued, and refer to a variable here`,
        secret: true,
      };
    }
    if (document?.root) yield* checkNames(document, shown);
  },
};

/** Random text under the name of a secret: what it opens is not known, but that it does. */
function* checkNames(document: JsonDocument, shown: readonly Span[]): Iterable<Report> {
  for (const { name, node } of listNamed(document.root, [])) {
    const value = stringValue(node) ?? '';
    if (!looksRandom(value)) continue;
    const at = spanOf(node);
    if (shown.some(({ start, end }) => start >= at.start && end <= at.end)) continue;
    yield {
      place: { file: document.file, at },
      message: `${name} holds what looks like a secret (${describeSecret(value)}): replace it where it was issued, and refer to a variable here`,
      severity: 'warning',
      confidence: 'medium',
      secret: true,
    };
  }
}

interface NamedValue {
  readonly name: string;
  readonly node: JsonNode;
}

/** Whether there is one below a node, be it overridden: a look at the bare tree, which mostly ends the matter. */
function mayHoldNamed({ type, children }: JsonNode): boolean {
  if (!children) return false;
  if (type === 'property') {
    const value = children[1];
    return value !== undefined && (value.children ? mayHoldNamed(value) : isNamed(children[0]?.value, value));
  }
  for (const child of children) if (child.children && mayHoldNamed(child)) return true;
  return false;
}

/** A text that is long enough for a secret, under the name of one. */
function isNamed(name: unknown, value: JsonNode): boolean {
  return (
    value.type === 'string' && value.length >= shortest && typeof name === 'string' && isSecretName(name)
  );
}

/** Adds every text below a node that may be a secret by its length and the key that it stands under. */
function listNamed(node: JsonNode | undefined, found: NamedValue[]): readonly NamedValue[] {
  if (node?.type === 'array') for (const element of node.children ?? []) listNamed(element, found);
  for (const { key, value } of members(node)) {
    if (value.type !== 'string') listNamed(value, found);
    else if (isNamed(key, value)) found.push({ name: key, node: value });
  }
  return found;
}
