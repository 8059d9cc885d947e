/** Official images that are Debian or Ubuntu unless their tag says otherwise. Looked at on 2026-11-21. */
const official =
  /^(?:debian|ubuntu|buildpack-deps|node|python|golang|rust|ruby|php|perl|gcc|elixir|erlang|eclipse-temurin|maven|gradle|swift|julia|r-base|dart|haskell|clojure)$/;

const published =
  /^(?:mcr\.microsoft\.com\/(?:vscode\/)?devcontainers\/[a-z0-9-]+|mcr\.microsoft\.com\/dotnet\/sdk|(?:docker\.io\/)?(?:oven\/bun|denoland\/deno|nvidia\/cuda|rocker\/[a-z0-9-]+|cimg\/[a-z0-9-]+))$/;

const otherSystem =
  /alpine|busybox|windows|nanoserver|distroless|azurelinux|mariner|chiseled|ubi|rockylinux|fedora|centos|oracle|opensuse|amazon/;

/** Their packages are served no longer. */
const outdated = /jessie|stretch|buster|trusty|xenial|bionic/;

/** The label of these asks for SYS_PTRACE without a system call filter, or for more; a Dockerfile cannot take it back. */
const privileged = /^mcr\.microsoft\.com\/(?:vscode\/)?devcontainers\/(?:go|rust|cpp|universal)$/;

/** Why an image cannot be built on, as a sentence part; undefined where it can. */
export function unusableImage(reference: string): string | undefined {
  const [name = ''] = reference.split('@');
  const [, repository = '', tag = ''] = /^(.*?)(?::([^/:]*))?$/.exec(name) ?? [];
  if (!/^[a-z0-9][a-z0-9._:/-]*(?::[\w.-]+)?$/.test(name)) return 'it is no plain image reference';
  if (privileged.test(repository))
    return 'its label asks for SYS_PTRACE without the system call filter, which nothing here can take back';
  const short = repository.replace(/^(?:docker\.io\/)?(?:library\/)?/, '');
  if (!official.test(short) && !published.test(repository))
    return 'it is not known to be Debian or Ubuntu, which the firewall is installed into; where it is, set "image" in the policy';
  if (otherSystem.test(tag)) return 'it is neither Debian nor Ubuntu, which the firewall is installed into';
  if (outdated.test(tag)) return 'packages for a system of that age are served no longer';
  return undefined;
}
