import type { Policy } from '../policy/policy.js';
import type { PolicyServer, ValueSource } from '../policy/servers.js';
import { code, text } from './markdown.js';

/** Beside the policy, so that who reads the one finds the other. */
export const mcpDocumentPath = '.devcontainer/MCP.md';

/** For people: what each server of the host may do, on whose authority, and what it reaches. Markdown. */
export function renderMcpDocument({ name, servers, mcp }: Policy): string {
  const ungated = mcp.map(
    (forward) =>
      `- ${text(forward.name)}: port ${forward.port} of the host, without the gate: no tool is refused, no call written down.`,
  );
  return [
    `# What the agent in ${text(name)} may do outside of its container`,
    '',
    'Written by harden-devcontainer from harden-devcontainer.jsonc; change that file and run `harden-devcontainer init` again.',
    '',
    '| server | for | reaches | decided by | reviewed | next review |',
    '|---|---|---|---|---|---|',
    ...servers.map(summaryRow),
    '',
    ...(ungated.length > 0 ? [...ungated, ''] : []),
    ...servers.flatMap(serverLines),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

function summaryRow(server: PolicyServer): string {
  const { purpose, reaches, owner, reviewed, reviewAgain } = server;
  const cells = [purpose, reaches, owner, reviewed, reviewAgain ?? (reviewed && 'after half a year')];
  return `| ${[server.name, ...cells].map((cell) => (cell === undefined ? '**not written down**' : text(cell))).join(' | ')} |`;
}

function serverLines(server: PolicyServer): string[] {
  const { name, command, url, tools, features, audit } = server;
  const runs = command
    ? `the program ${command.map((word) => code(word)).join(' ')}, on the host`
    : `the address ${code(url ?? '')}`;
  const sources = Object.entries(command ? server.environment : server.headers);
  const logins = sources.map(([key, source]) => `${code(key)} from ${sourceText(source)}`);
  return [
    `## ${text(name)}`,
    '',
    `It is ${runs}.`,
    logins.length === 0 ? 'It is given no login.' : `The host gives it ${logins.join(', ')}.`,
    features.length === 0
      ? 'It offers tools alone: no resources, no prompts, no sampling, no elicitation.'
      : `Besides its tools it may use ${features.join(', ')}.`,
    `Each call is logged with ${audit === 'full' ? 'its arguments' : 'a hash of its arguments'}.`,
    '',
    ...(tools.length === 0
      ? ['No tool may be called.', '']
      : [
          '| tool | access | why |',
          '|---|---|---|',
          ...tools.map(
            ({ tool, access, reason }) =>
              `| ${code(tool)} | ${access === 'write' ? '**write**' : 'read'} | ${text(reason ?? '')} |`,
          ),
          '',
        ]),
  ];
}

function sourceText({ env, file, command, value }: ValueSource): string {
  if (env !== undefined) return `the variable ${code(env)} of whoever starts it`;
  if (file !== undefined) return `the file ${code(file)}`;
  if (command !== undefined) return `what ${code(command[0] ?? '')} prints`;
  return `the policy: ${code(value ?? '')}`;
}
