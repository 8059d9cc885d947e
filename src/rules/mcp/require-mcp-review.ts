import type { ServerFlaw } from '../../container/mcp-declarations.js';
import { shown } from '../../container/shown.js';
import type { Report, Rule } from '../../core/rule.js';

const policy = '.devcontainer/harden-devcontainer.jsonc';
const about = '"purpose": "issues", "reaches": "project WEB", "owner": "platform team"';

export const requireMcpReview: Rule<'egress'> = {
  id: 'require-mcp-review',
  on: 'egress',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Write down who lets the agent use a server of the host, for what, and until when',
  why: 'A server on the host acts with a login that the agent does not have: whoever injects a prompt uses that login. Nobody can judge a grant that has no purpose, no owner and no end, and a tool that writes turns a read prompt into changed data.',
  decide:
    'What the server is for, which data it reaches with whose login, and who answers for it. The tool does not know, and a review that a program writes is none.',
  references: [
    'https://modelcontextprotocol.io/docs/tutorials/security/security_best_practices',
    'https://csrc.nist.gov/glossary/term/least_privilege',
    'https://cwe.mitre.org/data/definitions/862.html',
  ],
  examples: [
    {
      bad: {
        [policy]:
          '{ "version": 1, "name": "shop", "mcp": [{ "name": «"tracker"», "command": ["tracker-mcp"], "purpose": "issues" }] }\n',
      },
    },
    {
      bad: {
        [policy]: `{ "version": 1, "name": "shop", "mcp": [{ "name": "tracker", "url": "https://t.example/mcp", ${about}, "reviewed": «"2020-01-01"» }] }\n`,
      },
    },
    {
      bad: {
        [policy]: `{ "version": 1, "name": "shop", "mcp": [{ "name": "tracker", "command": ["t"], ${about}, "reviewed": "2020-01-01", "reviewAgain": "2999-01-01", "tools": ["get_*", «{ "tool": "create_issue", "access": "write" }»] }] }\n`,
      },
    },
  ],
  good: [
    {
      [policy]: `{ "version": 1, "name": "shop", "mcp": [{ "name": "tracker", "command": ["t"], ${about}, "reviewed": "2020-01-01", "reviewAgain": "2999-01-01", "tools": ["get_*", { "tool": "create_issue", "access": "write", "reason": "files what it finds" }] }] }`,
    },
    { [policy]: '{ "version": 1, "name": "shop", "mcp": [{ "name": "tracker", "port": 8123 }] }' },
  ],
  *check({ servers }) {
    for (const flaw of servers) yield toReport(flaw);
  },
};

function toReport(flaw: ServerFlaw): Report {
  const { place } = flaw;
  const server = shown(flaw.server);
  switch (flaw.kind) {
    case 'unreviewed':
      return {
        place,
        message: `the server ${server} may be used without ${flaw.missing.map((key) => `"${key}"`).join(', ')}: nobody can judge whether it still should; write down what is missing`,
      };
    case 'overdue':
      return {
        place,
        message: `the review of the server ${server} was due on ${flaw.since}; read its tools and its data again, and write down the day`,
      };
    case 'unreasoned':
      return {
        place,
        message: `the tool ${shown(flaw.tool)} of ${server} changes data, and nothing says why the agent may call it; write down the reason or take it out`,
      };
    case 'ungated':
      return {
        place,
        message: `the server ${server} is a port of the host that is opened as it is: no tool of it is refused and no call written down; name its "url" and its "tools" instead`,
        severity: 'info',
        persona: 'pedantic',
      };
  }
}
