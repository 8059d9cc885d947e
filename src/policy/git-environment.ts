/**
 * The strongest place of git's configuration, which no repository's own replaces: no credential helper that an editor put
 * somewhere, our hooks (a project's, such as husky's, are run by these), and no signature with a key that is not here.
 */
const settings = [
  ['credential.helper', ''],
  ['core.hooksPath', '/usr/local/lib/harden-devcontainer/git-hooks'],
  ['commit.gpgsign', 'false'],
] as const;

/** The same as variables of the container. Source: git-config(1), GIT_CONFIG_COUNT. */
export function gitEnvironment(): Readonly<Record<string, string>> {
  const pairs = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key] as const,
    [`GIT_CONFIG_VALUE_${index}`, value] as const,
  ]);
  return { GIT_CONFIG_COUNT: `${settings.length}`, ...Object.fromEntries(pairs) };
}
