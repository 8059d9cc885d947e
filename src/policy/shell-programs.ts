const shells = 'sh bash dash zsh ksh fish ash busybox'.split(' ');

/** Programs that run what stands behind them. */
export const wrapperPrograms: readonly string[] = [
  ...shells,
  ...[
    'sudo doas su runuser env command builtin exec eval nohup nice ionice timeout setsid stdbuf',
    'unbuffer chroot unshare nsenter setpriv capsh flock script strace ltrace xargs parallel find fd',
    'watch entr time trap alias function case for in select export unset declare ssh source .',
    'systemd-run start-stop-daemon typeset readonly local npx pnpx bunx uvx pipx npm pnpm yarn bun uv',
    'poetry pipenv pdm hatch rye bundle mise asdf direnv devbox nix nix-shell dotenv dotenvx op',
    'doppler aws-vault cross-env docker podman docker-compose kubectl tmux screen expect gosu su-exec',
    'tini dumb-init rtk corepack turbo nx lerna concurrently nodemon watchexec hyperfine proot',
    'faketime firejail bwrap',
  ].flatMap((line) => line.split(' ')),
];

/** Programs that may be given code, without the version behind their names. */
export const codePrograms: readonly string[] = [
  ...shells,
  ...[
    'python pypy node nodejs deno bun perl ruby php awk gawk mawk nawk lua luajit tclsh expect',
    'osascript pwsh sqlite ed ex vi vim make',
  ].flatMap((line) => line.split(' ')),
];

/** Words that make an unknown program worth a question. */
export const riskyVerbs: readonly string[] = 'push publish deploy migrate upload send-pack dcommit'.split(
  ' ',
);
