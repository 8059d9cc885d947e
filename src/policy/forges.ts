export const forgeIds = ['github', 'gitlab', 'bitbucket'] as const;
export type ForgeId = (typeof forgeIds)[number];

/** What of a forge is opened: git over HTTPS where nothing stands behind its name. */
export const forgeWays = ['hosts', 'api', 'ssh'] as const;
export type ForgeWay = (typeof forgeWays)[number];

/** As a policy names it: `github`, `github:api`, `github:ssh`. */
export type ForgeEntry = ForgeId | `${ForgeId}:${Exclude<ForgeWay, 'hosts'>}`;

/** Every entry that a policy may have, in the order of the schema. */
export const forgeEntries: readonly ForgeEntry[] = forgeIds.flatMap((id) => [
  id,
  `${id}:api` as const,
  `${id}:ssh` as const,
]);

export function splitForge(entry: ForgeEntry): { readonly id: ForgeId; readonly way: ForgeWay } {
  const [id, way = 'hosts'] = entry.split(':') as [ForgeId, ForgeWay?];
  return { id, way };
}
