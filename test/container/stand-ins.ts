/**
 * Stand-ins for images of languages, by the name that comes before their tag: the lines of a Dockerfile on Debian. What the real
 * ones have below /usr/local or /opt is there too, made of Debian's packages and away from where those put it, so that a
 * copied folder has to do without them. .NET is in no Debian package.
 */
export const standIns: Readonly<Record<string, string>> = {
  golang: `RUN apt-get update && apt-get install -y --no-install-recommends golang-go \\
 && cp -rL /usr/lib/go-1.19 /usr/local/go && apt-get purge -y --auto-remove 'golang*' && mkdir -m 1777 /go`,
  // Commands are links to rustup, which finds the toolchain by RUSTUP_HOME; both are open to everybody, as in the real one.
  rust: `RUN apt-get update && apt-get install -y --no-install-recommends cargo rustc \\
 && mkdir -p /usr/local/cargo/bin /usr/local/rustup/bin /usr/local/rustup/lib \\
 && cp /usr/bin/cargo /usr/bin/rustc /usr/local/rustup/bin && { cp -rL /usr/lib/rustlib /usr/local/rustup/lib || test -d /usr/local/rustup/lib/rustlib; } \\
 && ldd /usr/bin/cargo /usr/bin/rustc | awk '$3 ~ /^\\// && $1 !~ /^(libc|libm|libdl|libpthread)[.]so/ { print $3 }' | xargs cp -Lt /usr/local/rustup/lib \\
 && printf '%s\\n' '#!/bin/sh' '[ "$RUSTUP_HOME" = /usr/local/rustup ] || exit 1' 'name=$\{0##*/}' '[ "$name" != rustup ] || exit 0' \\
      'LD_LIBRARY_PATH=/usr/local/rustup/lib exec "/usr/local/rustup/bin/$name" "$@"' >/usr/local/cargo/bin/rustup \\
 && chmod 0755 /usr/local/cargo/bin/rustup \\
 && for name in cargo cargo-clippy cargo-fmt clippy-driver rustc rustdoc rustfmt; do ln -s rustup "/usr/local/cargo/bin/$name"; done \\
 && apt-get purge -y --auto-remove cargo rustc && chmod -R a+w /usr/local/cargo /usr/local/rustup`,
  maven: `RUN apt-get update && apt-get install -y --no-install-recommends default-jdk-headless maven && mkdir -p /opt/java \\
 && { cp -rL /usr/lib/jvm/java-17-openjdk-* /opt/java/openjdk || test -x /opt/java/openjdk/bin/javac; } \\
 && cp -rL /usr/share/maven /opt/maven && apt-get purge -y --auto-remove default-jdk-headless maven \\
 && rm -rf /usr/share/maven && mv /opt/maven /usr/share/maven`,
  php: `RUN apt-get update && apt-get install -y --no-install-recommends php-cli && ln -s /usr/bin/php /usr/local/bin/php \\
 && mkdir -p /usr/local/lib/php /usr/local/include/php`,
  composer: `RUN printf '%s\\n' '#!/usr/bin/env php' '<?php echo "Composer 2\\\\n";' >/usr/bin/composer && chmod 0755 /usr/bin/composer`,
  elixir: `RUN apt-get update && apt-get install -y --no-install-recommends elixir \\
 && { cp -rL /usr/lib/erlang /usr/lib/elixir /usr/local/lib || test -x /usr/local/lib/elixir/bin/elixir; } \\
 && apt-get purge -y --auto-remove elixir 'erlang*' \\
 && sed -i s,/usr/lib/erlang,/usr/local/lib/erlang,g /usr/local/lib/erlang/bin/erl /usr/local/lib/erlang/erts-*/bin/erl \\
 && for name in erl erlc escript epmd; do ln -s "../lib/erlang/bin/$name" /usr/local/bin; done \\
 && for name in elixir elixirc iex mix; do ln -s "../lib/elixir/bin/$name" /usr/local/bin; done`,
};
