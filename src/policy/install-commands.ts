/**
 * Commands that add packages by name, for guard.json: ECOSYSTEM PROGRAMS WORD... -- OPTION..., the options being those that
 * a value follows. `:run` fetches and runs one package; a single `-` stands for no word at all. Sources: the command
 * references of the programs, November 2026.
 */
export const installCommands: readonly string[] = [
  'npm npm i|in|ins|inst|insta|instal|install|isnt|isnta|isntal|isntall|add|install-test|it|update -- --prefix -C --workspace -w --registry --tag --omit --include --install-strategy --cpu --os --cache --userconfig',
  'npm pnpm add|install|i -- -C --dir --filter -F --registry --reporter --store-dir',
  'npm yarn add -- --cwd --registry --cache-folder --modules-folder',
  'npm yarn global add -- --cwd',
  'npm bun add|install|i|a -- --cwd --registry --cache-dir -c --config',
  'npm:run npx|bunx|pnpx - -- -c --call -w --workspace',
  'npm:run npm exec|x -- -c --call -w --workspace',
  'npm:run pnpm|yarn|bun dlx|x',
  'pypi pip install|download|wheel -- -r --requirement -c --constraint -e --editable -i --index-url --extra-index-url -t --target -f --find-links --python --prefix --root --src --cache-dir --platform --python-version --implementation --abi --no-binary --only-binary --progress-bar --proxy --cert --log --timeout --retries --trusted-host --upgrade-strategy --report -C --config-settings --group --uploaded-prior-to',
  'pypi python|pypy -m pip install|download -- -r --requirement -c --constraint -e --editable -i --index-url --extra-index-url -t --target -f --find-links --prefix --root --no-binary --only-binary',
  'pypi uv pip install -- -r --requirement --requirements -c --constraint --constraints -e --editable --index-url -i --index --default-index --extra-index-url --python -p --target --prefix --find-links -f --exclude-newer --resolution --prerelease --link-mode --overrides --build-constraints',
  'pypi uv add -- -r --requirements -c --constraints --group --optional --extra --script --package --index --default-index --python -p --tag --branch --rev --exclude-newer --marker -m --bounds --directory --project',
  'pypi uv tool install -- --python -p --with --with-requirements --index --default-index --exclude-newer',
  'pypi:run uvx - -- --python --with --with-requirements --index --default-index --exclude-newer',
  'pypi:run uv tool run -- --python --with --index --default-index',
  'pypi pipx install|inject -- --python --pip-args --index-url -i --suffix',
  'pypi:run pipx run -- --python --pip-args --index-url',
  'pypi poetry|pdm|rye|pixi add -- --group -G --source -E --extras --optional --python --platform -C --directory -P --project',
  'pypi pipenv install -- -r --requirements --index -i --python --categories',
  'crates cargo add|install -- --features -F --git --branch --tag --rev --registry --manifest-path --package -p --rename --root --version --vers --target --target-dir --profile --index --path -j --jobs --config --color -Z',
  'gems gem install|i -- -v --version -i --install-dir -n --bindir -s --source --platform -P --trust-policy',
  'gems bundle add -- -v --version -g --group -s --source --git --github --branch --ref --glob --path --require -r',
  'go go get|install -- -C -modfile -mod -tags -ldflags -gcflags -o -p -overlay -pkgdir',
  'go go run -- -C -exec -modfile -tags -ldflags',
  'packagist composer require|global -- -d --working-dir --prefer-install --ignore-platform-req',
];

/** Where the package check asks, by ecosystem. */
export const registries = {
  npm: 'https://registry.npmjs.org',
  downloads: 'https://api.npmjs.org',
  pypi: 'https://pypi.org',
  crates: 'https://index.crates.io',
  gems: 'https://rubygems.org',
  go: 'https://proxy.golang.org',
  packagist: 'https://repo.packagist.org',
} as const;
