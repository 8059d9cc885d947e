import { remember } from '../core/remember.js';
import type { Wanted } from '../core/rule.js';
import { findTargetStage, sourcesOf } from '../documents/dockerfile-stages.js';
import type { Declared } from './container.js';
import type { Build } from './dockerfile-build.js';

/** An image by name, as it is pulled from a registry. */
export interface ImageReference {
  readonly reference: string;
  /** Registry and repository as written, without tag and digest. */
  readonly name: string;
  readonly tag: string | undefined;
  /** `sha256:…`. */
  readonly digest: string | undefined;
  /** Only the host or the build knows a part of it; what it decides is undefined. */
  readonly open: boolean;
}

/** `registry:5000/team/image:tag@sha256:…`: a colon before the last slash is the registry's port. */
export const splitImage = remember((text: string): ImageReference => {
  const reference = text.trim();
  // Stands for a variable, whose own colons and slashes are no part of the name.
  const plain = reference.replace(/\$\{[^}]{0,1000}\}|\$\w+/g, (match) => '$'.repeat(match.length));
  const at = plain.indexOf('@');
  const end = at < 0 ? plain.length : at;
  const colon = plain.lastIndexOf(':', end);
  const hasTag = colon > plain.lastIndexOf('/', end);
  return {
    reference,
    name: reference.slice(0, hasTag ? colon : end),
    tag: hasTag ? reference.slice(colon + 1, end) : undefined,
    digest: at < 0 ? undefined : reference.slice(at + 1),
    open: plain.includes('$'),
  };
});

/** The image as a registry is asked for it; undefined where only the host or the build knows its name. */
export function wantedImage({ name, tag = '', open }: ImageReference): Wanted | undefined {
  return open || name === '' ? undefined : { source: 'image', name, range: tag };
}

/** The same image by a digest. Its tag stays, or is said: tools that bring digests up to date follow it. */
export function withDigest({ reference, tag }: ImageReference, digest: string | undefined): string {
  return `${reference}${tag === undefined ? ':latest' : ''}@${digest}`;
}

/**
 * The images that a Dockerfile pulls for the stages that are built: those of FROM, and those that files are copied or
 * mounted from. The empty image `scratch` is none.
 */
export function readBuildImages(build: Build): readonly Declared<ImageReference>[] {
  const { file, document, stages } = build;
  const known = new Set<string>();
  const words = stages.flatMap((stage) => {
    const sources = stage.instructions.flatMap(sourcesOf);
    return [
      ...(isEarlierStage(build, stage.base.text, stage) ? [] : [stage.base]),
      ...sources
        .filter(({ value }) => !findTargetStage(document, value))
        .map(({ value, at }) => ({ text: value, at })),
    ];
  });
  return words.flatMap(({ text, at }) => {
    const isNew = !known.has(text) && known.add(text);
    if (!isNew || text.toLowerCase() === 'scratch') return [];
    return [
      { value: splitImage(text), place: { file, at }, syntax: 'Dockerfile' as const, remove: () => [] },
    ];
  });
}

function isEarlierStage({ document }: Build, name: string, stage: Build['stages'][number]): boolean {
  const before = document.stages.slice(0, document.stages.indexOf(stage));
  return before.some((one) => one.name === name.toLowerCase());
}
