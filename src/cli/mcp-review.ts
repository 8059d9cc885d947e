import { ExitCode, UserError } from '../core/errors.js';
import { printable } from '../core/printable.js';
import { unapproved } from '../host/approvals.js';
import { endLeftovers, openChildren } from '../host/children.js';
import { type Inspection, inspectServer } from '../host/inspect.js';
import { makePlaces } from '../host/places.js';
import type { HostServer } from '../host/servers.js';
import { formatPins, pinsPath } from '../host/tool-pins.js';
import { grantFor, hashOf, instructionsPin, type Pins } from '../mcp/tools.js';
import { writeFiles } from '../project/write.js';
import { type Io, write } from './io.js';
import { type McpCommandOptions, type McpProject, openMcpProject } from './mcp-project.js';
import { canPrompt, openPrompter, type Prompter } from './prompt.js';

/**
 * Shows what each granted tool says about itself where that is new or has changed, and writes down what somebody agreed
 * to. Exit code 1 where something stays held.
 */
export async function mcpReview(options: McpCommandOptions, io: Io): Promise<ExitCode> {
  const project = openMcpProject(options, io);
  const asks = !options.yes && canPrompt(io);
  makePlaces(project.places);
  const [fresh] = unapproved(project.servers, project.places);
  if (fresh)
    throw new UserError(`${fresh.name}: nobody on this machine has agreed yet to run it; run mcp up first`);
  const prompter = asks ? await openPrompter(io) : undefined;
  try {
    return await review(project, options.yes, prompter, io);
  } finally {
    prompter?.close();
  }
}

async function review(
  { servers, pins, places, root }: McpProject,
  yes: boolean,
  prompter: Prompter | undefined,
  io: Io,
): Promise<ExitCode> {
  // Not the file of the host process that may be running.
  const path = `${places.children}-review`;
  const children = openChildren(path);
  const note = () => {};
  const next: Record<string, Pins> = { ...pins };
  let held = 0;
  try {
    for (const server of servers) {
      const found = await inspectServer(server, { places, env: io.env, children, note });
      if (typeof found === 'string') throw new UserError(`${server.name}: ${printable(found)}`);
      const result = await reviewServer(server, found, yes, prompter, io);
      held += result.held;
      next[server.name] = result.pins;
    }
  } finally {
    await endLeftovers(path, io.env);
  }
  await writeFiles(root, [{ path: pinsPath, text: formatPins(next), expected: undefined, force: true }]);
  await write(io.stderr, `wrote ${pinsPath}; run \`harden-devcontainer mcp up\` to apply it\n`);
  return held > 0 ? ExitCode.findings : ExitCode.clean;
}

async function reviewServer(
  server: HostServer,
  { tools, instructions }: Inspection,
  yes: boolean,
  prompter: Prompter | undefined,
  io: Io,
): Promise<{ pins: Pins; held: number }> {
  const granted = tools.listed.filter(({ name }) => grantFor(name, server.tools));
  const others = tools.listed.filter(({ name }) => !grantFor(name, server.tools)).map(({ name }) => name);
  await write(io.stdout, `${server.name}: ${granted.length} of ${tools.listed.length} tools are granted\n`);
  if (others.length > 0) await write(io.stdout, `  not granted: ${printable(others.join(', '))}\n`);
  const kept: Record<string, string> = {};
  let held = 0;
  const items: readonly (readonly [name: string, value: unknown])[] = [
    ...granted.map((tool) => [tool.name, tool] as const),
    ...(instructions === undefined ? [] : [[instructionsPin, instructions] as const]),
  ];
  for (const [name, value] of items) {
    const hash = hashOf(value);
    const before = Object.hasOwn(server.pins, name) ? server.pins[name] : undefined;
    if (before !== hash) {
      await write(
        io.stdout,
        `\n  ${printable(name)} ${before === undefined ? 'is new' : 'HAS CHANGED'}:\n${show(value)}`,
      );
      const agreed =
        yes || (await prompter?.confirm(`Let the agent use ${printable(name)} as it is now?`, false));
      if (!agreed) {
        held += 1;
        // The old hash stays, so that a changed tool is still told from a new one.
        if (before !== undefined) kept[name] = before;
        continue;
      }
    }
    kept[name] = hash;
  }
  return { pins: kept, held };
}

/** All of it: what is not shown could hold what the agent is not to read. */
function show(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  return text
    .split('\n')
    .map((line) => `    ${printable(line)}\n`)
    .join('');
}
