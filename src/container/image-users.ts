import type { DockerInstruction } from '../documents/dockerfile.js';
import { instructionsOf } from '../documents/dockerfile-stages.js';
import type { Build } from './dockerfile-build.js';

/** An unprivileged user that a Dockerfile works as or makes: the last one, for the fix. */
export function unprivilegedUserOf({ chain }: Build): string | undefined {
  const instructions = instructionsOf(chain);
  const worked = instructions.flatMap(({ keyword, words }) =>
    keyword === 'USER' ? (words[0]?.text.split(':')[0] ?? []) : [],
  );
  const user = worked.findLast(isUnprivileged);
  if (user !== undefined) return user;
  const made = instructions.flatMap((instruction) =>
    instruction.keyword === 'RUN' ? usersMadeBy(instruction) : [],
  );
  return made.findLast(isUnprivileged);
}

function isUnprivileged(name: string): boolean {
  return /^(?:[a-z_][\w-]*|[1-9]\d*)$/.test(name) && name !== 'root' && name !== 'nobody';
}

// Options of useradd and of both kinds of adduser that take the next word along.
const withValue =
  /^(?:-[a-zA-Z]*[bcdefgGkKpsuhZ]|--(?:base-dir|comment|home-dir|home|expiredate|inactive|gid|groups|key|skel|password|shell|uid|gecos|ingroup|firstuid|lastuid))$/;

function usersMadeBy({ words }: DockerInstruction): readonly string[] {
  const script = words.map(({ text }) => text).join(' ');
  if (!script.includes('useradd') && !script.includes('adduser')) return [];
  return script.split(/[;&|\n()]+/).flatMap((command) => {
    const all = command.trim().split(/\s+/);
    const at = all.findIndex((word) => /^(?:.*\/)?(?:useradd|adduser)$/.test(word));
    const rest = at < 0 ? [] : all.slice(at + 1);
    // A system user is for a service, not for a person or an agent.
    if (rest.some((word) => /^(?:--system|-[a-zA-Z]*[rS])$/.test(word))) return [];
    return rest.find((word, index) => !word.startsWith('-') && !withValue.test(rest[index - 1] ?? '')) ?? [];
  });
}
