import type { Span } from '../core/text.js';
import type { CommandWord, PlainCommand } from '../documents/command-words.js';

/** Something that a command installs or runs from a registry or a repository. */
export interface Install {
  /** As written: `typescript@latest`. */
  readonly what: string;
  readonly at: Span;
  /** Whether it says which version. */
  readonly pinned: boolean;
  /** How a version is said: `name@1.2.3`. */
  readonly form: string;
  /** Where it comes from, as far as its versions can be asked for. */
  readonly source?: 'npm' | 'pypi';
}

interface Installer {
  readonly program: RegExp;
  /** The words before the packages: `install`, `tool install`. Each is alternatives; flags may stand between. */
  readonly verbs: readonly RegExp[];
  /** Options that take the next word. */
  readonly valued: RegExp;
  /** A word that is a package without a version. */
  readonly loose: RegExp;
  /** With one of these options a file says the versions, or the version is an option. */
  readonly settled: RegExp;
  readonly form: string;
  /** Without one of these it is for the project alone, whose files say the versions. */
  readonly needs?: RegExp;
  /** Only the first word is a package, those behind it are for its program. */
  readonly single?: true;
}

const path = String.raw`(?![./~$-]|.*\.(?:tgz|whl|txt|tar\.gz|toml|lock)$|.*:\/\/|file:|git\+)`;
const never = /$^/;
const npmName = new RegExp(`^${path}(?:@[\\w.-]+/)?[\\w.-]+(?:@(?:latest|next|beta|canary|\\*|x))?$`);
const pyName = new RegExp(`^${path}[\\w.-]+(?:\\[[\\w,.-]*\\])?(?:@latest|(?:>=?|~=|!=)[^,]*)?$`);

const installers: readonly Installer[] = [
  {
    program: /^(?:npm|pnpm|bun)$/,
    verbs: [/^(?:i|install|add)$/],
    valued: /^(?:--(?:prefix|registry|cache|omit|dir)|-C)$/,
    loose: npmName,
    settled: never,
    form: 'name@1.2.3',
    needs: /^(?:-\w*g|--global|--location=global)$/,
  },
  {
    program: /^yarn$/,
    verbs: [/^global$/, /^add$/],
    valued: /^--(?:prefix|registry)$/,
    loose: npmName,
    settled: never,
    form: 'name@1.2.3',
  },
  {
    program: /^(?:npx|bunx)$/,
    verbs: [],
    valued: /^(?:-p|--package)$/,
    loose: npmName,
    settled: /^--no(?:-install)?$/,
    form: 'name@1.2.3',
    needs: /^(?:-y|--yes|.*@(?:latest|next))$/,
    single: true,
  },
  {
    program: /^(?:pnpm|yarn)$/,
    verbs: [/^dlx$/],
    valued: /^(?:-p|--package)$/,
    loose: npmName,
    settled: never,
    form: 'name@1.2.3',
    single: true,
  },
  {
    program: /^pip[\d.]*$/,
    verbs: [/^install$/],
    valued:
      /^(?:-[citfe]|--(?:target|prefix|index-url|extra-index-url|trusted-host|find-links|root|src|upgrade-strategy|timeout|python))$/,
    loose: pyName,
    settled: /^(?:-r|--requirement|-c|--constraint|--require-hashes)/,
    form: 'name==1.2.3',
  },
  {
    program: /^python[\d.]*$/,
    verbs: [/^-m$/, /^pip$/, /^install$/],
    valued: /^--(?:target|prefix|index-url|extra-index-url|trusted-host)$/,
    loose: pyName,
    settled: /^(?:-r|--requirement|-c|--constraint|--require-hashes|-e)/,
    form: 'name==1.2.3',
  },
  {
    program: /^uv$/,
    verbs: [/^pip$/, /^install$/],
    valued: /^(?:-[pi]|--(?:python|target|prefix|index-url|index))$/,
    loose: pyName,
    settled: /^(?:-r|--requirements?|-c|--constraints?|--require-hashes|-e)/,
    form: 'name==1.2.3',
  },
  {
    program: /^(?:uv|pipx)$/,
    verbs: [/^(?:tool|install|run)$/, /^(?:install|run)$/],
    valued: /^(?:-[pw]|--(?:python|with|from|index|pip-args|spec))$/,
    loose: pyName,
    settled: never,
    form: 'name==1.2.3',
    single: true,
  },
  {
    program: /^pipx$/,
    verbs: [/^(?:install|run)$/],
    valued: /^--(?:python|pip-args|spec|suffix)$/,
    loose: pyName,
    settled: /^--spec/,
    form: 'name==1.2.3',
    single: true,
  },
  {
    program: /^uvx$/,
    verbs: [],
    valued: /^(?:-[pw]|--(?:python|with|index))$/,
    loose: pyName,
    settled: /^--from/,
    form: 'name==1.2.3',
    single: true,
  },
  {
    program: /^go$/,
    verbs: [/^(?:install|get)$/],
    valued: /^-(?:ldflags|tags)$/,
    loose: /^[\w.-]+\.[a-z]+\/\S+@(?:latest|main|master|upgrade)$/,
    settled: never,
    form: 'module@v1.2.3',
  },
  {
    program: /^cargo$/,
    verbs: [/^(?:install|binstall)$/],
    valued: /^--(?:git|branch|features|root|target|bin|registry)$/,
    loose: /^(?![./~$-])[\w-]+$/,
    settled: /^--(?:version|vers|path|rev|tag)/,
    form: 'name@1.2.3',
  },
  {
    program: /^gem$/,
    verbs: [/^(?:install|i)$/],
    valued: /^(?:-[in]|--(?:install-dir|bindir|source))$/,
    loose: /^(?![./~$-])[\w-]+$/,
    settled: /^(?:-v|--version)/,
    form: 'name:1.2.3',
  },
];

/** What a command installs or runs by a name, with or without a version. */
export function readInstalls({ name, words }: PlainCommand): readonly Install[] {
  const installer = installers.find(
    ({ program, verbs }) => program.test(name) && startsWith(words, verbs) >= 0,
  );
  if (!installer) return cloned(name, words);
  const { verbs, valued, settled, loose, form, needs, single = false } = installer;
  const rest = words.slice(startsWith(words, verbs));
  if (rest.some(({ value }) => settled.test(value))) return [];
  if (needs && !words.some(({ value }) => needs.test(value))) return [];
  const found: CommandWord[] = [];
  for (let index = 0; index < rest.length && !(single && found.length > 0); index += 1) {
    const word = rest[index];
    if (!word || valued.test(word.value)) index += 1;
    else if (!word.value.startsWith('-')) found.push(word);
  }
  const source = loose === npmName ? 'npm' : loose === pyName ? 'pypi' : undefined;
  return found.map(({ value, at }) => ({
    what: value,
    at,
    pinned: !loose.test(value),
    form,
    ...(source && { source }),
  }));
}

/** Where the words behind the verbs begin; -1 where these are not there. */
function startsWith(words: readonly CommandWord[], verbs: readonly RegExp[]): number {
  let at = 0;
  for (const verb of verbs) {
    while (/^-/.test(words[at]?.value ?? '') && !verb.test(words[at]?.value ?? '')) at += 1;
    if (!verb.test(words[at]?.value ?? '')) return -1;
    at += 1;
  }
  return at;
}

/** A repository without a tag or branch; what is checked out of it afterwards is not known here. */
function cloned(name: string, words: readonly CommandWord[]): readonly Install[] {
  if (name !== 'git' || words[0]?.value !== 'clone') return [];
  const address = words.find(({ value }) => /^(?:https?|git|ssh):\/\/|^git@/.test(value));
  const pinned = words.some(({ value }) => /^(?:-b|--branch|--revision)/.test(value));
  return address ? [{ what: address.value, at: address.at, pinned, form: 'git clone --branch v1.2.3' }] : [];
}
