import type { Command, Pipeline, SyntaxNode } from 'unbash';
import { findRemoteExecutions } from '../documents/shell.js';
import {
  isBuiltinRunner,
  isInterpreter,
  programOf,
  readCommand,
  type SimpleCommand,
} from '../documents/shell-commands.js';
import { unlessTooDeep } from '../documents/shell-tree.js';
import { judgeSending } from './shell-sending.js';

/** What a script does that no honest hook needs. Offsets are UTF-16 units of the script. */
export interface ShellDanger {
  readonly start: number;
  readonly end: number;
  /** Present tense, to stand behind the subject: 'opens a shell to the network'. */
  readonly what: string;
}

/** A parser is loaded only for a script that names one of these. */
const mayHarm =
  /curl|wget|\/dev\/tcp|\bnc\b|ncat|netcat|socat|telnet|base64|xxd|openssl|\beval\b|crontab|rc\b|profile|authorized_keys|systemctl|\.claude|\.mcp|\.vscode|\.cursor|\.git\/hooks|\.devcontainer|tables|\bnft\b|\bufw\b|setenforce|docker|podman|\bdig\b|nslookup|\bhost\b|\bping\b/;

/** A hook beyond this is data; the parser would take seconds. */
const longest = 65_536;
const deepest = 3;

/**
 * Finds commands of a shell script that download and run code, open a shell, decode and run text, send secrets away,
 * nest themselves in start files, change what agents and editors trust, take down a firewall, or drive a container
 * engine. Text that is only searched for, compared or printed is none. Never throws.
 */
export async function findShellDangers(script: string): Promise<readonly ShellDanger[]> {
  if (script.length > longest || !mayHarm.test(script)) return [];
  const remote = (await findRemoteExecutions(script)).map(({ start, end, form }) => ({
    start,
    end,
    what: `downloads and runs code (${form})`,
  }));
  const { parse, forEachChild } = await import('unbash');
  const found = unlessTooDeep(() => {
    const dangers = new Map<string, ShellDanger>();
    const walk = (text: string, base: { start: number; end: number } | undefined, depth: number): void => {
      const add = (node: SyntaxNode, what: string | undefined): void => {
        if (what === undefined) return;
        const at = base ?? { start: node.pos, end: node.end };
        dangers.set(`${at.start} ${at.end} ${what}`, { ...at, what });
      };
      const visit = (node: SyntaxNode): void => {
        if (node.type === 'Pipeline') add(node, judgePipeline(node));
        if (node.type === 'Command') {
          const command = readCommand(node);
          add(node, judgeCommand(command, node, text));
          const inner = command && depth < deepest ? innerScript(command) : undefined;
          if (inner !== undefined) walk(inner, base ?? { start: node.pos, end: node.end }, depth + 1);
        }
        forEachChild(node, visit);
      };
      visit(parse(text));
    };
    walk(script, undefined, 0);
    return dangers.values();
  });
  return [...remote, ...(found ?? [])];
}

/** The script in quotes behind `bash -c`. */
function innerScript(command: SimpleCommand): string | undefined {
  if (!/^(?:ba|da|z|k|a)?sh$/.test(command.name)) return undefined;
  const program = programOf(command);
  return program.kind === 'inline' ? program.word.value : undefined;
}

function judgePipeline({ commands }: Pipeline): string | undefined {
  const stages = commands.flatMap((stage) => (stage.type === 'Command' ? (readCommand(stage) ?? []) : []));
  const decoder = stages.findIndex(isDecoder);
  const isRun = stages.some(
    (stage, index) =>
      decoder >= 0 && index > decoder && isInterpreter(stage) && programOf(stage).kind === 'stdin',
  );
  if (isRun) return 'decodes text and runs it';
  const sender = stages.at(-1);
  const before = stages.slice(0, -1);
  return sender && before.length > 0 ? judgeSending(sender, before) : undefined;
}

function isDecoder({ name, words }: SimpleCommand): boolean {
  const has = (pattern: RegExp) => words.some(({ value }) => pattern.test(value));
  if (name === 'base64' || name === 'base32') return has(/^(?:-d|-D|--decode)$/);
  if (name === 'xxd') return has(/^-\w*r/);
  return name === 'openssl' && has(/^-d$/);
}

function judgeCommand(command: SimpleCommand | undefined, node: Command, script: string): string | undefined {
  const text = script.slice(node.pos, node.end);
  if (
    node.redirects.some(
      (one) => one.type === 'Redirect' && /^\/dev\/(?:tcp|udp)\//.test(one.target?.value ?? ''),
    )
  )
    return 'opens a connection to the network as a file (/dev/tcp)';
  const written =
    command &&
    writtenFiles(command, node)
      .map(judgeTarget)
      .find((what) => what !== undefined);
  if (written !== undefined || !command) return written;
  return (
    judgeShell(command) ?? judgeDecoded(command, text) ?? judgeSending(command, []) ?? judgeSystem(command)
  );
}

/** `nc -e sh`, `socat … EXEC:sh`. */
function judgeShell({ name, words }: SimpleCommand): string | undefined {
  const texts = words.map(({ value }) => value);
  const isNetcat =
    /^(?:nc|ncat|netcat|nc\.\w+)$/.test(name) &&
    texts.some((text) => /^-\w*[ec]$|^--(?:sh-)?exec/.test(text));
  const isSocat =
    name === 'socat' &&
    texts.some((text) => /^(?:exec|system):/i.test(text)) &&
    texts.some((text) => /^(?:tcp|udp|openssl|ssl)/i.test(text));
  return isNetcat || isSocat ? 'opens a shell to the network' : undefined;
}

/** `eval "$(… | base64 -d)"`, `bash -c "$(… base64 --decode)"`. */
function judgeDecoded(command: SimpleCommand, text: string): string | undefined {
  if (!isBuiltinRunner(command) && !isInterpreter(command)) return undefined;
  return /(?:\$\(|`|<\()[^)`]{0,2000}(?:base64\s+(?:-d|-D|--decode)|xxd\s+-\w{0,3}r)/.test(text)
    ? 'decodes text and runs it'
    : undefined;
}

/** The files that a command writes: redirections, and the last word of programs that copy. */
function writtenFiles({ name, words }: SimpleCommand, node: Command): readonly string[] {
  const redirected = node.redirects.flatMap((one) =>
    one.type === 'Redirect' && /^&?>/.test(one.operator) ? (one.target?.value ?? []) : [],
  );
  const bare = words.map(({ value }) => value).filter((text) => !text.startsWith('-'));
  if (name === 'tee') return [...redirected, ...bare];
  return /^(?:cp|mv|ln|install)$/.test(name) ? [...redirected, ...bare.slice(-1)] : redirected;
}

const home = String.raw`(?:~|\$HOME|\$\{HOME\}|\/root|\/home\/[^/]+|\/Users\/[^/]+)`;
const startFile = new RegExp(
  String.raw`^${home}\/\.(?:bashrc|bash_profile|bash_login|zshrc|zshenv|zprofile|profile|config\/(?:fish|autostart|systemd)\b)|^\/etc\/(?:cron|profile|systemd)|\/authorized_keys$`,
);
const trustFile = new RegExp(
  String.raw`(?:^|\/)\.claude\/settings(?:\.local)?\.json$|(?:^|\/)\.mcp\.json$|^${home}\/\.claude\.json$|^\/etc\/claude-code\/|(?:^|\/)\.cursor\/(?:mcp|permissions|hooks|sandbox)\.json$|(?:^|\/)\.codex\/config\.toml$|(?:^|\/)\.vscode\/(?:settings|tasks)\.json$|(?:^|\/)\.devcontainer\/|(?:^|\/)\.git\/hooks\/`,
);

function judgeTarget(path: string): string | undefined {
  if (startFile.test(path)) return `writes ${path}, which starts by itself later`;
  return trustFile.test(path) ? `rewrites ${path}, which says what is trusted` : undefined;
}

function judgeSystem({ name, words }: SimpleCommand): string | undefined {
  const texts = words.map(({ value }) => value);
  const has = (pattern: RegExp) => texts.some((text) => pattern.test(text));
  if (name === 'crontab' && !has(/^-[lr]$/)) return 'adds a job to cron';
  if (/^ip6?tables(?:-legacy|-nft)?$/.test(name)) {
    const opens = has(/^(?:-F|--flush|-X|-D|--delete)$/) || (has(/^(?:-P|--policy)$/) && has(/^ACCEPT$/));
    return opens ? 'takes down the firewall' : undefined;
  }
  if ((name === 'nft' && has(/^(?:flush|delete)$/)) || (name === 'ufw' && has(/^(?:disable|reset)$/)))
    return 'takes down the firewall';
  if (name === 'setenforce' && has(/^(?:0|permissive)$/i)) return 'switches SELinux off';
  if (/^(?:docker|podman)$/.test(name) && has(/^--privileged|docker\.sock|^(?:-v|--volume=)?\/:/))
    return 'starts a container with access to the host';
  return name === 'curl' && has(/docker\.sock/)
    ? 'drives the container engine through its socket'
    : undefined;
}
