import type { EgressReport } from '../egress/report.js';
import { stringify } from './json-writer.js';

/** Grows by one when a field changes its meaning or goes; new fields leave it. See schemas/egress-report.schema.json. */
const reportVersion = 1;

/** The report for programs; its shape is schemas/egress-report.schema.json. Names are as they were asked for. */
export function reportEgressJson(report: EgressReport, version: string): string {
  const { container, mode, tally, destinations, since, now } = report;
  const content = {
    version: reportVersion,
    tool: { name: 'harden-devcontainer', version },
    container: { id: container.id, name: container.name, status: container.status },
    mode,
    time: timeText(now),
    since: since === undefined ? null : timeText(since),
    unreadableLines: tally.unreadable,
    entries: tally.entries.map(({ name, causes, first, last, ...entry }) => ({
      verdict: entry.verdict,
      name: name ?? null,
      listed: entry.isListed,
      ports: entry.ports,
      lookups: entry.lookups,
      connections: entry.connections,
      up: entry.up,
      down: entry.down,
      first: timeText(first),
      last: timeText(last),
      causes: Object.fromEntries(causes),
    })),
    destinations: destinations.map(({ address, protocol, port, packets, bytes }) => ({
      address,
      protocol,
      port,
      names: tally.namesOf(address),
      packets,
      bytes,
    })),
  };
  return `${stringify(content)}\n`;
}

function timeText(time: number): string {
  return new Date(time).toISOString();
}
