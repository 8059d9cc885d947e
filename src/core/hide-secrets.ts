import type { Finding, Fix } from './rule.js';
import { findSecrets, mask, secretsOf } from './secret-shapes.js';
import type { Place, SourceFile, Span } from './text.js';

/** A name or value of a file may be megabytes long, and every report would repeat it. */
const longestText = 1000;

/**
 * The findings with stars in place of every secret: in the files that they point into, so that no source frame shows
 * one, whichever finding it belongs to, and in the messages. Lengths and offsets of files stay.
 */
export function hideSecrets(findings: readonly Finding[]): readonly Finding[] {
  const spans = new Map<SourceFile, Span[]>();
  for (const { place, secret } of findings) {
    if (secret) spans.set(place.file, [...(spans.get(place.file) ?? []), place.at]);
  }
  const known = new Map<SourceFile, SourceFile>();
  const texts = new Set<string>();
  const hideFile = (file: SourceFile): SourceFile => {
    const all = [...(spans.get(file) ?? []), ...secretsOf(file)];
    for (const { start, end } of all)
      if (end - start >= shortest && texts.size < mostTexts) texts.add(file.text.slice(start, end));
    return all.length === 0 ? file : { path: file.path, text: mask(file.text, all) };
  };
  const hide = ({ file, at }: Place): Place => {
    const hidden = known.get(file) ?? hideFile(file);
    known.set(file, hidden);
    return { file: hidden, at };
  };
  const places = findings.map(({ place }) => hide(place));
  const related = findings.map((finding) =>
    finding.related?.map((one) => ({ ...one, place: hide(one.place) })),
  );
  // A message may join what quotes keep apart in the file, so that a token there has no longer a token's form.
  const secretsIn = (text: string) =>
    texts.size === 0 ? findSecrets(text) : [...findSecrets(text), ...occurrences(texts, text)];
  // Cut behind the masking: half of a secret has not its form.
  const hideText = (text: string) => shorten(mask(text, secretsIn(text)));
  const hideFix = (fix: Fix): Fix => {
    const title = hideText(fix.title);
    const consequence = hideText(fix.consequence);
    return title === fix.title && consequence === fix.consequence ? fix : { ...fix, title, consequence };
  };
  // Reports carry what a fix inserts: one that moves a secret about is for nobody's log.
  const movesNone = ({ edits }: Fix) =>
    edits.every(({ text }) => text === '' || secretsIn(text).length === 0);
  return findings.map((finding, index) => ({
    ...finding,
    place: places[index] ?? finding.place,
    message: hideText(finding.message),
    fixes: finding.fixes.filter(movesNone).map(hideFix),
    ...(related[index] && {
      related: related[index].map((one) => ({ ...one, message: hideText(one.message) })),
    }),
  }));
}

/** What is shorter is a word that messages hold for other reasons. */
const shortest = 12;
/** Each is looked for in each message. */
const mostTexts = 1000;

function occurrences(wanted: ReadonlySet<string>, text: string): Span[] {
  const found: Span[] = [];
  for (const one of wanted)
    for (let start = text.indexOf(one); start >= 0; start = text.indexOf(one, start + one.length))
      found.push({ start, end: start + one.length });
  return found;
}

function shorten(text: string): string {
  if (text.length <= longestText) return text;
  return `${text.slice(0, longestText).replace(/[\ud800-\udbff]$/, '')}… (${text.length} characters)`;
}
