import type { Finding, Fix } from './rule.js';
import { findSecrets, mask } from './secret-shapes.js';
import type { Place, SourceFile, Span } from './text.js';

/**
 * The findings with stars in place of every secret: in the files that they point into, so that no source frame shows
 * one, whichever finding it belongs to, and in the messages. Lengths and offsets stay.
 */
export function hideSecrets(findings: readonly Finding[]): readonly Finding[] {
  const spans = new Map<SourceFile, Span[]>();
  for (const { place, secret } of findings) {
    if (secret) spans.set(place.file, [...(spans.get(place.file) ?? []), place.at]);
  }
  const known = new Map<SourceFile, SourceFile>();
  const hideFile = (file: SourceFile): SourceFile => {
    const all = [...(spans.get(file) ?? []), ...findSecrets(file.text)];
    return all.length === 0 ? file : { path: file.path, text: mask(file.text, all) };
  };
  const hide = ({ file, at }: Place): Place => {
    const hidden = known.get(file) ?? hideFile(file);
    known.set(file, hidden);
    return { file: hidden, at };
  };
  return findings.map((finding) => ({
    ...finding,
    place: hide(finding.place),
    message: hideText(finding.message),
    // Reports carry what a fix inserts: one that moves a secret about is for nobody's log.
    fixes: finding.fixes
      .filter(({ edits }) => edits.every(({ text }) => findSecrets(text).length === 0))
      .map(hideFix),
    ...(finding.related && {
      related: finding.related.map(({ place, message }) => ({
        place: hide(place),
        message: hideText(message),
      })),
    }),
  }));
}

function hideFix(fix: Fix): Fix {
  return { ...fix, title: hideText(fix.title), consequence: hideText(fix.consequence) };
}

function hideText(text: string): string {
  return mask(text, findSecrets(text));
}
