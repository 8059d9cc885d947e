import type { Call } from './firewall-command.js';
import { unmodelled } from './firewall-command.js';
import { readIpset } from './firewall-ipset.js';
import { readIptables } from './firewall-iptables.js';
import { done, emit, emitAt, type Frame, type Machine, type Outcome } from './firewall-machine.js';
import { readNftCommand, readNftText } from './firewall-nft.js';
import { readRestore } from './firewall-restore.js';
import type { Action, Family } from './firewall-step.js';
import { readUfw } from './firewall-ufw.js';
import { type Output, textOfOutput, unknown } from './firewall-value.js';

/** What a packet filter's program does; undefined for any other program. */
export function runProgram(machine: Machine, frame: Frame, call: Call): Outcome | undefined {
  const tables =
    /^(xtables-nft-|xtables-legacy-)?(ip6?)tables(?:-nft|-legacy)?(-restore|-save|-apply)?$/.exec(
      call.name.replace(/^(ip6?tables)(-restore|-save)?-(?:nft|legacy)(-restore|-save)?$/, '$1$2$3'),
    );
  if (tables) {
    const family: Family = tables[2] === 'ip6' ? 6 : 4;
    if (tables[3] === '-save') return inspect(machine, frame, call, 'saved-rules');
    if (tables[3] === '-restore' || tables[3] === '-apply') return restore(machine, frame, call, family);
    return runIptables(machine, frame, call, family);
  }
  if (call.name === 'nft') return runNft(machine, frame, call);
  if (call.name === 'ipset') return runIpset(machine, frame, call);
  if (call.name === 'ufw') return take(machine, frame, call, readUfw(call.words));
  if (call.name === 'sysctl') return runSysctl(machine, frame, call);
  if (call.name === 'firewall-cmd' || call.name === 'ebtables' || call.name === 'pfctl')
    return unmodelled(machine, frame, call.node, call.name);
  return undefined;
}

function inspect(machine: Machine, frame: Frame, call: Call, origin?: 'saved-rules'): Outcome {
  const place = frame.placeAt(call.node.pos, call.node.end);
  emitAt(machine, frame, call.node, { kind: 'inspect' });
  return { output: [{ value: unknown(origin ? [origin] : ['status']), place }], truth: { cause: 'tool' } };
}

/** Notes the actions of one command; without any it is one that could not be modelled. */
function take(machine: Machine, frame: Frame, call: Call, actions: readonly Action[] | undefined): Outcome {
  const place = frame.placeAt(call.node.pos, call.node.end);
  if (!actions) return unmodelled(machine, frame, call.node, call.name);
  for (const action of actions) emitAt(machine, frame, call.node, action);
  return actions.some(({ kind }) => kind === 'inspect')
    ? { output: [{ value: unknown(['status']), place }], truth: { cause: 'tool' } }
    : done;
}

function runIptables(machine: Machine, frame: Frame, call: Call, family: Family): Outcome {
  const isSaved = textOfOutput(call.stdin).origins.includes('saved-rules');
  if (isSaved && call.words.some(({ origins }) => origins.includes('saved-rules')))
    return take(machine, frame, call, [{ kind: 'put-back' }]);
  return take(machine, frame, call, readIptables(call.words, [family]));
}

/** Reads the lines that a restore is given; each is placed where it is written. */
function restore(machine: Machine, frame: Frame, call: Call, family: Family): Outcome {
  const isKept = call.words.some(({ text }) => text === '-n' || text === '--noflush');
  const command = frame.placeAt(call.node.pos, call.node.end);
  const named = call.words.find(({ text }, index) => index > 0 || !text.startsWith('-'));
  const input = call.stdin.length > 0 || !named ? call.stdin : fileOf(machine, named.text);
  const lines = readRestore(input, [family], isKept);
  for (const { action, ...from } of lines) emit(machine, frame, { ...from, command }, action);
  if (lines.length === 0)
    return unmodelled(machine, frame, call.node, `${call.name} of what is not known here`);
  return done;
}

/** A file that the script has written, or one of the project. */
function fileOf(machine: Machine, name: string): Output {
  const written = machine.files.get(name) ?? machine.files.get(`"${name}"`);
  if (written) return written;
  const file = machine.find(name);
  if (!file) return [];
  let at = 0;
  return file.text.split(/(?<=\n)/).map((text) => {
    const place = { file, at: { start: at, end: at + text.trimEnd().length } };
    at += text.length;
    return { value: { text, origins: [] }, place };
  });
}

function runNft(machine: Machine, frame: Frame, call: Call): Outcome {
  const command = frame.placeAt(call.node.pos, call.node.end);
  const texts = call.words.map(({ text }) => text);
  const option = texts.findIndex((text) => /^-[a-z]*f$|^--file$/.test(text));
  const file = option < 0 ? texts.find((text) => /^--file=/.test(text))?.slice(7) : texts[option + 1];
  if (file === undefined) {
    if (texts.some((text) => text === 'list' || text === 'monitor')) return inspect(machine, frame, call);
    return take(machine, frame, call, readNftCommand(call.words, machine.nftOutputs));
  }
  const input = file === '-' || file === '/dev/stdin' ? call.stdin : fileOf(machine, file);
  const statements = readNftText(input, machine.nftOutputs);
  for (const { action, ...from } of statements) emit(machine, frame, { ...from, command }, action);
  if (statements.length === 0)
    return unmodelled(machine, frame, call.node, 'nft -f of what is not known here');
  return done;
}

function runIpset(machine: Machine, frame: Frame, call: Call): Outcome {
  const command = frame.placeAt(call.node.pos, call.node.end);
  if (!call.words.some(({ text }) => text === 'restore')) {
    if (call.words.some(({ text }) => /^(?:list|save|test)$/.test(text)))
      return inspect(machine, frame, call);
    return take(machine, frame, call, readIpset(call.words));
  }
  const isTolerant = call.words.some(({ text }) => /^(?:-!|-exist|--exist)$/.test(text));
  for (const { value, ...from } of call.stdin) {
    for (const line of value.text.split('\n')) {
      const words = line.split(/\s+/).filter((word) => word !== '');
      const values = words.map((text) => ({ text, origins: value.origins }));
      const actions =
        words.length > 1 ? readIpset(isTolerant ? [...values, { text: '-exist', origins: [] }] : values) : [];
      for (const action of actions ?? []) emit(machine, frame, { ...from, command }, action);
    }
  }
  return done;
}

function runSysctl(machine: Machine, frame: Frame, call: Call): Outcome {
  const actions = call.words.flatMap(({ text }): Action[] => {
    const setting = /^([\w./-]+)=(\S+)$/.exec(text);
    if (!setting) return [];
    return [{ kind: 'sysctl', name: (setting[1] ?? '').replaceAll('/', '.'), value: setting[2] ?? '' }];
  });
  return take(machine, frame, call, actions);
}
