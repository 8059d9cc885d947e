import type { Fix, Project } from '../core/rule.js';
import type { Container } from './container.js';
import { behindLast } from './dockerfile-additions.js';
import { offerFix } from './fixes.js';
import { splitImage } from './image-references.js';
import { findRootWays } from './open-root.js';

// Images that are made from Debian or Ubuntu, or from Alpine, by name and tag. Source: their documentation, 2026-08.
const debian =
  /^(?:(?:index\.)?docker\.io\/)?(?:library\/)?(?:debian|ubuntu|buildpack-deps|python|golang|rust|ruby|php|openjdk|eclipse-temurin|maven|gradle|node|elixir|swift|perl|r-base|ros|nvidia\/cuda)$/;

/** A new user for the tools, in the Dockerfile; none where what it is made from is not known, or it does not end as root. */
export function offerNewUser(container: Container, project: Project): readonly Fix[] {
  const { source, image, instructions, dockerfile } = container;
  const last = instructions.findLast(({ kept }) => kept);
  if (source !== 'dockerfile' || !image || !dockerfile || !last) return [];
  if (last.user !== undefined && !/^(?:root|0)$/.test(last.user)) return [];
  const name = ['dev', 'agent'].find((one) => !new RegExp(`\\b${one}\\b`).test(dockerfile.text));
  const command = name && commandFor(image.value, name);
  if (!name || !command) return [];
  const created = behindLast(container, [`RUN ${command}`]);
  const set = container.setProperties({ remoteUser: name });
  if (created.length === 0 || set.length === 0) return [];
  // Who becomes root at will is no other user.
  if (findRootWays({ ...container, user: { ...container.user, name } }, project).length > 0) return [];
  return offerFix(
    `create the user ${name} in the Dockerfile`,
    'what needs root (package installs, files that root owns) belongs in the Dockerfile, before that line',
    [...created, ...set],
  );
}

function commandFor(image: string, name: string): string | undefined {
  const { name: repository, tag = '' } = splitImage(image);
  if (/^(?:.*\/)?alpine$/.test(repository) || /(?:^|-)alpine/.test(tag)) return `adduser -D ${name}`;
  return debian.test(repository) && !tag.includes('windows')
    ? `useradd --create-home --shell /bin/bash ${name}`
    : undefined;
}
