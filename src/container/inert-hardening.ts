import type { Edit, Fix, Report } from '../core/rule.js';
import { type JsonDocument, type JsonMember, member, members, placeOf } from '../documents/json.js';
import { removeNodes, renameMember, replaceNode, setMember } from '../documents/json-edits.js';
import type { Container, EngineOption } from './container.js';
import { listNodes, textOfNode } from './declare.js';
import { effectOf } from './feature-effects.js';
import { offerFix } from './fixes.js';
import { userOfImage } from './images.js';
import { isProtection, readWrittenOptions } from './protections.js';
import type { RunOption } from './run-args.js';

/** Protections that are written down and hold nothing. */
export function* findInertHardening(document: JsonDocument, container: Container): Iterable<Report> {
  if (container.source === 'compose') yield* findLostOptions(document, container);
  for (const one of members(document.root)) {
    const form = invented.get(one.key);
    if (form) yield* judgeInvented(document, container, one, form);
  }
  if (member(document.root, 'privileged')) yield* findOverruled(document, container);
  if (container.firewall) yield* findPowerlessFirewall(container);
  else if (container.idleFirewall) yield* findReplacedFirewall(document, container);
}

/** Options of `runArgs` under compose; what the service itself says as well is not lost. */
function* findLostOptions(document: JsonDocument, container: Container): Iterable<Report> {
  const { options, service } = container;
  const list = member(document.root, 'runArgs');
  if (!list) return;
  const isKept = (name: string, value = '') =>
    options.some((option) => option.value.name === name && (option.value.value ?? '') === value);
  const written = readWrittenOptions(document);
  const lost = written.filter((option) => isProtection(option) && !isKept(option.name, option.value));
  const names = [...new Set(lost.map(({ name }) => name))];
  if (names.length === 0) return;
  yield {
    place: placeOf(document, list.keyNode),
    message: `${names.join(', ')} of runArgs ${names.length > 1 ? 'hold' : 'holds'} nothing with dockerComposeFile: say it in the service${service === undefined ? '' : ` ${service}`} of the compose file`,
    fixes: () => offerMove(written, container.addOptions(lost)),
  };
}

/** All of `runArgs` goes: what else stands there has no effect either. */
function offerMove(written: readonly RunOption[], added: readonly Edit[]): readonly Fix[] {
  const removed = written[0]?.remove(written) ?? [];
  if (removed.length === 0 || added.length === 0) return [];
  return offerFix('move it to the service', 'it has an effect then: see whether everything still works', [
    ...removed,
    ...added,
  ]).map((fix) => ({ ...fix, enables: true }));
}

/** How an invented property is said in truth: as options of `runArgs`, or under the name of a real property. */
type Form = { readonly option: string } | { readonly name: string };

const invented: ReadonlyMap<string, Form> = new Map<string, Form>(
  Object.entries({
    capDrop: { option: '--cap-drop' },
    cap_drop: { option: '--cap-drop' },
    readOnly: { option: '--read-only' },
    read_only: { option: '--read-only' },
    noNewPrivileges: { option: '--security-opt=no-new-privileges' },
    network: { option: '--network' },
    networkMode: { option: '--network' },
    pidsLimit: { option: '--pids-limit' },
    memory: { option: '--memory' },
    cpus: { option: '--cpus' },
    user: { name: 'remoteUser' },
    securityOptions: { name: 'securityOpt' },
  }),
);

function* judgeInvented(
  document: JsonDocument,
  container: Container,
  property: JsonMember,
  form: Form,
): Iterable<Report> {
  const { key, keyNode, value } = property;
  const { source } = container;
  if (value.value === false || value.type === 'null' || key.includes('${')) return;
  const args = 'option' in form ? argumentsOf(form.option, property) : [];
  const instead = 'name' in form ? `the property is ${form.name}` : `runArgs takes ${args.join(' ')}`;
  yield {
    place: placeOf(document, keyNode),
    message: `${key} holds nothing, for devcontainer.json has no such property: ${source === 'compose' ? 'say it in the service of the compose file' : instead}`,
    fixes: () => offerTruth(document, container, property, form),
  };
}

function argumentsOf(option: string, { value }: JsonMember): readonly string[] {
  if (value.value === true) return [option];
  return listNodes(value).flatMap((node) => {
    const text = textOfNode(node);
    return text === undefined || text === '' ? [] : [`${option}=${text}`];
  });
}

function offerTruth(
  document: JsonDocument,
  container: Container,
  property: JsonMember,
  form: Form,
): readonly Fix[] {
  if ('name' in form && member(document.root, form.name))
    return offerFix(
      `remove it beside ${form.name}`,
      'nothing changes: the tools do not read it',
      removeNodes(document, [property.property]),
    );
  const edits =
    'name' in form
      ? renameTo(document, property, form.name)
      : moveToOptions(document, container, property, argumentsOf(form.option, property));
  return offerFix(
    'say it in a way that holds',
    'it has an effect then: see whether everything still works',
    edits,
  ).map((fix) => ({ ...fix, enables: true }));
}

function renameTo(document: JsonDocument, property: JsonMember, name: string): readonly Edit[] {
  const isFit = property.value.type === (name === 'remoteUser' ? 'string' : 'array');
  return isFit ? renameMember(document, property, name) : [];
}

function moveToOptions(
  document: JsonDocument,
  container: Container,
  property: JsonMember,
  args: readonly string[],
): readonly Edit[] {
  if (args.length === 0) return [];
  if (container.source === 'compose') {
    const added = container.addOptions(args.map(toOption));
    return added.length > 0 ? [...removeNodes(document, [property.property]), ...added] : [];
  }
  const renamed = renameMember(document, property, 'runArgs');
  if (renamed.length > 0) return [...renamed, ...replaceNode(document, property.value, args)];
  const added = container.addToList('runArgs', args);
  return added.length > 0 ? [...removeNodes(document, [property.property]), ...added] : [];
}

function toOption(text: string): EngineOption {
  const [name = '', ...rest] = text.split('=');
  return { name, value: rest.length > 0 ? rest.join('=') : undefined };
}

/** `privileged: false` beside something that says true: the tools add up. */
function* findOverruled(document: JsonDocument, { privileged, features }: Container): Iterable<Report> {
  const node = member(document.root, 'privileged')?.value;
  if (node?.value !== false) return;
  const feature = features.find(({ value }) =>
    /makes the container privileged/.test(effectOf(value)?.effect ?? ''),
  );
  const [other] = privileged;
  const place = feature?.place ?? other?.place;
  if (!place) return;
  yield {
    place: placeOf(document, node),
    message: `privileged: false holds nothing: ${feature ? `the Feature ${feature.value.reference}` : 'another part'} makes the container privileged, and the tools add up`,
    related: [{ place, message: 'this makes it privileged' }],
  };
}

/** A packet filter that the container itself would set up, and is not let. */
function* findPowerlessFirewall(container: Container): Iterable<Report> {
  const { firewall: place, file, dockerfile, securityOptions, source } = container;
  // Services may share a Dockerfile: of compose only what runs in this container is known to be its own.
  if (!place || (place.file !== file && (source === 'compose' || place.file !== dockerfile))) return;
  if (!hasNetworkAdmin(container)) {
    yield {
      place,
      message:
        'the firewall is never set: nothing gives the container NET_ADMIN, without which iptables and nft are refused',
      confidence: 'medium',
    };
    return;
  }
  const text = place.file.text.slice(place.at.start, place.at.end);
  const option = securityOptions.find(
    ({ value }) => value.name === 'no-new-privileges' && value.value !== 'false',
  );
  if (option && /\bsudo\b/.test(text))
    yield {
      place,
      message:
        'the firewall is never set: no-new-privileges keeps sudo from working; let the entrypoint set it as root',
      related: [{ place: option.place, message: 'this refuses sudo' }],
    };
}

/** A packet filter that the image starts with, while the tools start another command. */
function* findReplacedFirewall(
  document: JsonDocument,
  { idleFirewall: place, source, isNeighbour }: Container,
): Iterable<Report> {
  const { root } = document;
  if (!place || isNeighbour || !root) return;
  const cause = source === 'compose' ? 'with overrideCommand' : 'without "overrideCommand": false';
  yield {
    place,
    message: `the firewall is never set: ${cause} the tools start another command in its place`,
    fixes: () =>
      offerFix(
        'keep the command of the image',
        'it has to go on running, or the container stops',
        setMember(document, root, 'overrideCommand', false),
      ).map((fix) => ({ ...fix, enables: true })),
  };
}

/** Also where only a registry knows: what an image or a Feature that is not known adds. */
function hasNetworkAdmin({ privileged, capabilities, features, image, source }: Container): boolean {
  if (privileged.length > 0 || capabilities.some(({ value }) => /^(?:ALL|NET_ADMIN)$/.test(value)))
    return true;
  if (source === 'none' || !image || !userOfImage(image.value)) return true;
  return features.some(
    ({ value }) =>
      value.origin !== 'local' &&
      !/^ghcr\.io\/(?:devcontainers\/features\/(?!docker-)|anthropics\/devcontainer-features\/)/.test(
        value.id,
      ),
  );
}
