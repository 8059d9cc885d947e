import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../core/errors.js';
import { printable } from '../core/printable.js';
import type { Finding, Pin, Project, Wanted } from '../core/rule.js';
import { type Place, positionAt } from '../core/text.js';
import { askAll, keyOf } from '../registry/ask.js';
import { internet, openNetwork, type Wires } from '../registry/network.js';
import { registriesOf } from '../registry/packages.js';
import { type Io, write } from './io.js';
import { openProgress } from './progress.js';

/** What registries have said so far, to be asked for more. */
export interface Registry {
  /** The project with the answers: rules find their fixes by them. */
  readonly project: Project;
  /**
   * Asks for what the findings want to know and nobody was asked for yet; false where there is nothing. What is not
   * answered is said on stderr.
   */
  ask(findings: readonly Finding[]): Promise<boolean>;
  /** Says which hosts were asked. */
  report(): Promise<void>;
  /** Whether a question was left without an answer. */
  readonly hasFailed: boolean;
}

const day = 24 * 60 * 60 * 1000;
/** Days that a release has been out before it is taken. */
export const usualAge = 7;

/** @throws UserError where the age is no number of days. */
export function openRegistry(base: Project, minAge: string, io: Io, wires: Wires = internet): Registry {
  const age = readAge(minAge);
  const network = openNetwork(io.env, wires);
  const registries = registriesOf(io.env, readUserSettings(io.env));
  // Who asks for no age takes releases without a date, too.
  const before = age === 0 ? Number.POSITIVE_INFINITY : Date.now() - age * day;
  const pins = new Map<string, Pin>();
  const asked = new Set<string>();
  let hasFailed = false;
  return {
    project: { ...base, pinOf: (wanted) => pins.get(keyOf(wanted)) },
    get hasFailed() {
      return hasFailed;
    },
    async ask(findings) {
      const wanted = new Map<string, { readonly one: Wanted; readonly finding: Finding }>();
      for (const finding of findings)
        for (const one of finding.asks ?? [])
          if (!asked.has(keyOf(one))) wanted.set(keyOf(one), { one, finding });
      for (const key of wanted.keys()) asked.add(key);
      const progress = openProgress(io.stderr, io.env);
      const questions = [...wanted.values()].map(({ one }) => one);
      const found = await askAll(questions, { network, registries, before }, (done) =>
        progress.show(`asked registries for ${done} of ${questions.length} versions`),
      );
      progress.clear();
      for (const answer of found) {
        const key = keyOf(answer.wanted);
        if ('pin' in answer) {
          pins.set(key, answer.pin);
          continue;
        }
        hasFailed = true;
        const name = `${answer.wanted.name}${answer.wanted.range && ` ${answer.wanted.range}`}`;
        const where = wanted.get(key)?.finding.place;
        await write(
          io.stderr,
          `not pinned: ${printable(`${where ? showPlace(where) : ''}${name}: ${answer.problem}`)}\n`,
        );
      }
      return wanted.size > 0;
    },
    async report() {
      const hosts = [...network.asked].toSorted().map(([host, times]) => `${printable(host)} (${times})`);
      await write(
        io.stderr,
        hosts.length === 0 ? 'asked no registry: nothing was left to ask\n' : `asked ${hosts.join(', ')}\n`,
      );
    },
  };
}

function showPlace({ file, at }: Place): string {
  const { line, column } = positionAt(file, at.start);
  return `${file.path}:${line}:${column} `;
}

function readAge(text: string): number {
  const age = /^\d{1,4}$/.test(text) ? Number(text) : undefined;
  if (age === undefined)
    throw new UserError(`--min-age wants a number of days, not '${text}'; 0 takes what came out just now`);
  return age;
}

/** The user's own npm settings: never those of the repository, which {@link Wanted} names where they count. */
function readUserSettings(env: Io['env']): string {
  const file = env.npm_config_userconfig ?? (env.HOME && join(env.HOME, '.npmrc'));
  if (!file || !isAbsolute(file)) return '';
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
