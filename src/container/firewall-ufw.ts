import { splitPorts } from './firewall-iptables.js';
import { type Action, bothFamilies, type Chain, type FilterRule, type Verdict } from './firewall-step.js';
import { joinValues, known, type Value } from './firewall-value.js';

/** ufw judges what goes out in one chain of its own, for both families. */
const chain: Chain = { families: bothFamilies, table: 'ufw', name: 'outgoing', isOutput: true };

const verdicts: Readonly<Record<string, Verdict>> = {
  allow: 'accept',
  limit: 'accept',
  deny: 'drop',
  reject: 'drop',
};

/** What a ufw command does; undefined where that cannot be said. */
export function readUfw(all: readonly Value[]): readonly Action[] | undefined {
  const words = all.filter(({ text }) => !/^--(?:force|dry-run)$/.test(text));
  const [verb, ...rest] = words;
  const name = verb?.text ?? '';
  if (name === 'enable') return [{ kind: 'switch', on: true }];
  if (name === 'disable' || name === 'reset')
    return [
      { kind: 'switch', on: false },
      ...(name === 'reset' ? [{ kind: 'flush', chain, isTable: true } as const] : []),
    ];
  if (name === 'default') return readDefault(rest);
  if (/^(?:status|show|version|app)$/.test(name)) return [{ kind: 'inspect' }];
  if (/^(?:logging|reload|route)$/.test(name)) return [];
  if (name === 'insert' || name === 'prepend') return readRule(rest.slice(name === 'insert' ? 1 : 0), true);
  return Object.hasOwn(verdicts, name) ? readRule(words, false) : undefined;
}

function readDefault(words: readonly Value[]): readonly Action[] {
  const verb = words.find(({ text }) => Object.hasOwn(verdicts, text))?.text ?? '';
  if (!words.some(({ text }) => text === 'outgoing')) return [];
  return [{ kind: 'policy', chain, verdict: verdicts[verb] ?? 'none' }];
}

/** `allow out 443/tcp`, `allow out on eth0 to 10.0.0.1 port 53 proto udp`. Rules for what comes in are none here. */
function readRule([verb, ...words]: readonly Value[], first: boolean): readonly Action[] {
  const at = words.findIndex(({ text }) => text === 'out');
  if (!verb || at < 0) return [];
  const rest = words.slice(at + 1);
  const after = (word: string) => {
    const index = rest.findIndex(({ text }) => text === word);
    return index < 0 ? undefined : rest[index + 1];
  };
  const to = after('to');
  const bare = rest[0] && /^[\d:,]+(?:\/(?:tcp|udp))?$/.test(rest[0].text) ? rest[0].text : undefined;
  const [number, ownProtocol] = bare?.split('/') ?? [];
  const ports = after('port') ?? (number === undefined ? undefined : known(number));
  const isService =
    bare === undefined && rest[0] !== undefined && !/^(?:on|to|from|proto|log|comment)$/.test(rest[0].text);
  const rule: FilterRule = {
    verdict: verdicts[verb.text] ?? 'none',
    target: verb.text,
    protocol: after('proto')?.text ?? ownProtocol,
    destination: to?.text === 'any' ? undefined : to,
    except: undefined,
    ports: ports ? splitPorts(ports) : isService && rest[0] ? [service(rest[0])] : undefined,
    outInterface: after('on'),
    states: undefined,
    set: undefined,
    hasOwner: false,
    isNarrowed: rest.some(({ text }) => text === 'from') && after('from')?.text !== 'any',
    text: joinValues(rest, ' ').text,
  };
  return [{ kind: 'rule', chain, first, rule }];
}

const services: Readonly<Record<string, string>> = {
  dns: '53',
  domain: '53',
  http: '80',
  https: '443',
  ssh: '22',
  ntp: '123',
};

function service(word: Value): Value {
  const name = word.text.toLowerCase();
  return Object.hasOwn(services, name) ? known(services[name] ?? '') : word;
}
