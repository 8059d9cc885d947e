import { UserError } from '../core/errors.js';
import type { EngineName } from '../project/engine.js';
import type { ColorChoice } from './io.js';

export interface EgressCommandOptions {
  /** The project, relative to the working directory. */
  readonly dir: string;
  readonly engine: EngineName | undefined;
  readonly container: string | undefined;
  readonly format: 'text' | 'json';
  readonly since: string | undefined;
  readonly all: boolean;
  readonly allow: readonly string[];
  readonly reason: string | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly color: ColorChoice;
}

/** @throws UserError where options of the report and of `--allow` are mixed. */
export function refuseMixture(options: EgressCommandOptions): void {
  const { allow, reason, yes, dryRun, force, since, all, format } = options;
  const forAllow = { '--reason': reason !== undefined, '--yes': yes, '--dry-run': dryRun, '--force': force };
  const forReport = { '--since': since !== undefined, '--all': all, '--format json': format === 'json' };
  const given = Object.entries(allow.length > 0 ? forReport : forAllow).find(([, isGiven]) => isGiven);
  if (!given) return;
  throw new UserError(
    allow.length > 0 ? `${given[0]} belongs to the report, not to --allow` : `${given[0]} needs --allow NAME`,
  );
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Milliseconds of `90s`, `30m`, `2h`, `1d`. @throws UserError */
export function readDuration(text: string): number {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (number === undefined || unit === undefined)
    throw new UserError(
      `--since: ${JSON.stringify(text)} is not a time span; write a number and a unit, such as 90s, 30m, 2h or 1d`,
    );
  return Number(number) * (unitSeconds[unit] ?? 0) * 1000;
}
