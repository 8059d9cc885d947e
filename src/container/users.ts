import type { DockerWord } from '../documents/dockerfile.js';
import { lastInstruction } from '../documents/dockerfile-stages.js';
import { member } from '../documents/json.js';
import type { Container, Declared, EffectiveUser, Feature } from './container.js';
import { declare, type Source, textOfNode } from './declare.js';
import type { Build } from './dockerfile-build.js';
import { unprivilegedUserOf } from './image-users.js';
import { userOfImage } from './images.js';
import { allOf, declareOption, type RunOption } from './run-args.js';

interface Basis {
  readonly build: Build | undefined;
  readonly image: Container['image'];
  readonly features: readonly Declared<Feature>[];
  /** What labels of the Dockerfile state, in the order in which they are merged. */
  readonly labels: readonly Source[];
}

/**
 * Who the tools run as, in the order of the CLI: remoteUser, which the image's label may set too, the last -u of
 * runArgs, containerUser, the image.
 */
export function readUser(
  source: Source,
  options: readonly RunOption[],
  { build, image, features, labels }: Basis,
): EffectiveUser {
  const known = image && userOfImage(image.value);
  const imageUser = (build && unprivilegedUserOf(build)) ?? known?.unprivileged ?? userOfFeature(features);
  const remote = statedLast(source, labels, 'remoteUser');
  const container = statedLast(source, labels, 'containerUser');
  const option = statedInOptions(options);
  // The tools write containerUser over what the compose file says.
  const stated = source.compose ? (container ?? option) : (option ?? container);
  const decidedBy = remote ?? (known?.labelled ? undefined : (stated ?? statedInDockerfile(build)));
  if (decidedBy) {
    const name = nameOf(decidedBy.value);
    return { name, decidedBy, certainty: name === undefined ? 'unknown' : 'stated', imageUser };
  }
  if (!known || !image) return { name: undefined, decidedBy: undefined, certainty: 'unknown', imageUser };
  return { name: known.user, decidedBy: image, certainty: 'derived', imageUser };
}

type UserProperty = 'remoteUser' | 'containerUser';

function statedLast(
  source: Source,
  labels: readonly Source[],
  syntax: UserProperty,
): Declared<string> | undefined {
  const own = statedIn(source, syntax);
  if (own || labels.length === 0) return own;
  return labels.flatMap((one) => statedIn(one, syntax) ?? []).at(-1);
}

function statedIn(source: Source, syntax: UserProperty): Declared<string> | undefined {
  const node = member(source.document.root, syntax)?.value;
  const value = textOfNode(node)?.trim();
  return node && value ? declare(source, node, syntax, value) : undefined;
}

function statedInOptions(options: readonly RunOption[]): Declared<string> | undefined {
  if (options.length === 0) return undefined;
  // The CLI's own reading does not see `-u0`; docker does, but then for the container's first process only.
  const all = allOf(options, '--user').filter(({ glued, value }) => !glued && value?.trim());
  const last = all.at(-1);
  return last && declareOption(last, last.value?.trim() ?? '', all);
}

function statedInDockerfile(build: Build | undefined): Declared<string> | undefined {
  const word = build && lastInstruction(build.chain, 'USER')?.words[0];
  return word && declareWord(build, word);
}

function declareWord({ file }: Build, { text, at }: DockerWord): Declared<string> {
  return { value: text, place: { file, at }, syntax: 'Dockerfile', remove: () => [] };
}

/** The name as written; undefined where only the host or the build knows it. */
function nameOf(value: string): string | undefined {
  return /\$\{?\w/.test(value) ? undefined : value;
}

/** The user that the common-utils Feature makes. */
function userOfFeature(features: readonly Declared<Feature>[]): string | undefined {
  const feature = features.find(({ value }) => /(?:^|\/)common-utils$/.test(value.id));
  if (!feature) return undefined;
  const name = feature.value.options.username;
  if (typeof name !== 'string' || name === '' || name === 'automatic') return 'vscode';
  return name === 'none' || name === 'root' ? undefined : name;
}
