import type { Project } from '../core/rule.js';
import type { Place } from '../core/text.js';
import type { Container } from './container.js';
import { isFor, isUnrestricted, readSudoGrants, takesBack } from './sudo-grants.js';

/** A way for the user that the tools run as to become root. */
export interface RootWay {
  readonly place: Place;
  /** To follow "becomes root at will:". */
  readonly how: string;
}

// Images whose user has sudo without a password. Source: their Dockerfiles and the common-utils Feature, 2026-03.
const sudoImages =
  /^(?:docker\.io\/)?(?:mcr\.microsoft\.com\/(?:vscode\/)?devcontainers\/|cimg\/|gitpod\/|codercom\/)/i;

const setuid =
  /\bchmod[ \t]{1,9}(?:-\w+[ \t]{1,9}){0,3}(?:u?\+s|[4-7][0-7]{3})[ \t]{1,9}(\/\S{0,80}\/(?:ba|da|z|k)?sh|\/\S{0,80}\/(?:python[\d.]*|perl|ruby|node|find|env|cp|tee|busybox|awk|vim?))(?=$|[\s;&|"'])/;
const capable =
  /\bsetcap[ \t]{1,9}['"]?[\w,+=]{0,80}cap_(?:setuid|sys_admin|dac_override|all)[\w,+=]{0,80}['"]?[ \t]{1,9}(\S{0,80}\/(?:python[\d.]*|perl|ruby|node|(?:ba|da)?sh))(?=$|[\s;&|"'])/i;
const rootPassword =
  /\broot:[^\s"'|]{0,40}["']?[ \t]{0,9}\|[ \t]{0,9}chpasswd\b|\bpasswd[ \t]{1,9}-d[ \t]{1,9}root\b/;

const signs: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [setuid, ([, program]) => `${program} runs with the rights of its owner`],
  [capable, ([, program]) => `${program} has a capability that is as good as root`],
  [rootPassword, () => "root's password is empty or stands in the Dockerfile"],
];

/** Every such way that the files of a container show, the plainest first; none where the user is root already. */
export function findRootWays(container: Container, project: Project): readonly RootWay[] {
  const { user, instructions, image, features } = container;
  if (user.name !== undefined && /^(?:root|0)(?::|$)/.test(user.name)) return [];
  const granted = readSudoGrants(container, project)
    .filter((grant) => isUnrestricted(grant) && isFor(grant, user.name))
    .map((grant) => ({
      place: grant.place,
      how: `sudoers lets ${grant.user} run everything without a password`,
    }));
  const kept = instructions.filter((one) => one.kept);
  const built = kept.flatMap(({ keyword, file, at }) => {
    if (keyword !== 'RUN') return [];
    const text = file.text.slice(at.start, at.end);
    return signs.flatMap(([sign, describe]): readonly RootWay[] => {
      const match = sign.exec(text);
      if (!match) return [];
      const start = at.start + match.index;
      return [{ place: { file, at: { start, end: start + match[0].length } }, how: describe(match) }];
    });
  });
  const isTaken = kept.some(takesBack);
  const given: readonly RootWay[] =
    image && sudoImages.test(image.value) && !isTaken
      ? [{ place: image.place, how: `the image ${image.value} gives its user sudo without a password` }]
      : [];
  const feature = features.find(
    ({ value: { id, options } }) =>
      /(?:^|\/)common-utils$/.test(id) && options.username !== 'none' && options.username !== 'root',
  );
  const added = feature
    ? [{ place: feature.place, how: 'the Feature common-utils gives the user sudo without a password' }]
    : [];
  return [...granted, ...built, ...added, ...given];
}
