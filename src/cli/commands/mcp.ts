import { ExitCode } from '../../core/errors.js';
import { printable } from '../../core/printable.js';
import { endLeftovers } from '../../host/children.js';
import { askHost, stopHost } from '../../host/control.js';
import { removeSockets } from '../../host/host.js';
import { makePlaces } from '../../host/places.js';
import { type Io, write } from '../io.js';
import { type McpCommandOptions, openPlaces } from '../mcp-project.js';

/** The host side of the MCP servers that a policy declares. */
export async function runMcp(options: McpCommandOptions, io: Io): Promise<ExitCode> {
  switch (options.verb) {
    case 'up': {
      const { mcpUp } = await import('../mcp-up.js');
      return mcpUp(options, io);
    }
    case 'review': {
      const { mcpReview } = await import('../mcp-review.js');
      return mcpReview(options, io);
    }
    case 'down':
      return down(options, io);
    case 'status':
      return status(options, io);
    case 'audit':
      return audit(options, io);
  }
}

/** Also where the host process was killed, and its servers and sockets are left. */
async function down({ dir }: McpCommandOptions, io: Io): Promise<ExitCode> {
  const places = openPlaces(dir, io);
  makePlaces(places);
  const before = await stopHost(places.control);
  const left = await endLeftovers(places.children, io.env);
  removeSockets(places);
  const what = before
    ? 'down'
    : left > 0
      ? `was killed before; ended the ${left} servers that it had left`
      : 'was not up';
  await write(io.stderr, `the host side ${what === 'down' ? 'is down' : what}\n`);
  return ExitCode.clean;
}

/** Exit code 1 where it is not up. */
async function status({ dir }: McpCommandOptions, io: Io): Promise<ExitCode> {
  const found = await askHost(openPlaces(dir, io).control, 'status');
  if (!found) {
    await write(io.stderr, 'the host side is not up; `harden-devcontainer mcp up` starts it\n');
    return ExitCode.findings;
  }
  await write(io.stderr, `up since ${found.since}, process ${found.pid}\n`);
  for (const { name, place, sessions, calls } of found.servers)
    await write(io.stdout, `${name}  ${printable(place)}  ${sessions} sessions, ${calls} calls\n`);
  return ExitCode.clean;
}

/** The log's lines as they are, or whether the chain of them is whole; exit code 1 where it is not. */
async function audit({ dir, verify }: McpCommandOptions, io: Io): Promise<ExitCode> {
  const { auditLines, verifyAuditLog } = await import('../../host/audit-log.js');
  const places = openPlaces(dir, io);
  if (!verify) {
    for await (const line of auditLines(places)) await write(io.stdout, `${printable(line)}\n`);
    return ExitCode.clean;
  }
  const result = await verifyAuditLog(places);
  if ('problem' in result) {
    await write(io.stderr, `${places.audit}: ${result.problem}\n`);
    return ExitCode.findings;
  }
  await write(io.stdout, `${result.lines} calls, chain whole, head ${result.head}\n`);
  return ExitCode.clean;
}
