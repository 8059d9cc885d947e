/** A release and when it came out, in milliseconds since 1970: Infinity where that cannot be told. */
export interface Release {
  readonly version: string;
  readonly published: number;
}

const exact = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([\w.-]{1,100}))?(?:\+[\w.-]{1,100})?$/;
// Epochs, local versions and pre-releases of Python are left out: nobody means them by a name alone.
const numbers = /^\d{1,9}(?:\.\d{1,9}){0,5}(?:\.?post\d{1,9})?$/;

/** Whether a text is a whole version by SemVer; pre-releases count. */
export function isExact(version: string): boolean {
  return exact.test(version);
}

export function isPrerelease(version: string): boolean {
  return exact.exec(version)?.[4] !== undefined;
}

/** Whether a text is a final release of a Python package. */
export function isFinal(version: string): boolean {
  return numbers.test(version);
}

/** By their numbers; negative where `a` is older. A pre-release is older than what it leads to. */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [a, b].map((text) => (text.split(/[-+]/)[0] ?? '').split(/\D+/).map(Number));
  for (let index = 0; index < Math.max(first?.length ?? 0, second?.length ?? 0); index += 1) {
    const difference = (first?.[index] ?? 0) - (second?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(isPrerelease(b)) - Number(isPrerelease(a));
}

/**
 * What a range that is written lets in: nothing but the beginning of a version (`1`, `1.2`, `1.x`), `^`, `~` and `>=`.
 * Undefined for any other: what it means is not guessed.
 */
export function readRange(range: string): ((version: string) => boolean) | undefined {
  const text = range.trim().replace(/^v/, '');
  if (/^(?:|latest|\*|x)$/.test(text)) return () => true;
  const [, sign = '', written = ''] =
    /^(\^|~|>=)?\s*v?(\d{1,9}(?:\.\d{1,9}){0,2})(?:\.[x*])?$/.exec(text) ?? [];
  if (written === '') return undefined;
  const parts = written.split('.');
  if (sign === '>=') return (version) => compareVersions(version, written) >= 0;
  // A caret keeps all up to the first number that is not 0, a tilde the first two.
  const first = parts.findIndex((part) => Number(part) > 0);
  const kept = sign === '^' ? (first < 0 ? parts.length : first + 1) : sign === '~' ? 2 : parts.length;
  const prefix = `${parts.slice(0, kept).join('.')}.`;
  return (version) =>
    `${version.split(/[-+]/)[0]}.`.startsWith(prefix) && compareVersions(version, written) >= 0;
}

/**
 * The newest release, or the reason why there is none. What came out after `before` is passed over: most releases of stolen
 * accounts are found and withdrawn within days.
 */
export function newest(
  releases: readonly Release[],
  before: number,
): { readonly version: string } | { readonly problem: string } {
  const old = releases.filter(({ published }) => published <= before);
  const sorted = old.toSorted((a, b) => compareVersions(b.version, a.version));
  const [first] = sorted;
  if (first) return { version: first.version };
  return {
    problem:
      releases.length === 0
        ? 'has no release that fits'
        : 'has only releases that are younger than --min-age, or without a date',
  };
}
