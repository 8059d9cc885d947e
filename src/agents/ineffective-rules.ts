import { didYouMean } from '../core/suggest.js';
import type { AgentSettings } from './agent-settings.js';
import { parseClaudeRule } from './claude-rules.js';
import { claudeTools } from './hook-matchers.js';
import type { AgentPermission } from './permissions.js';
import { breadthOf } from './shell-breadth.js';

/** What is wrong with an entry that does not do what it says, and how it would. */
export interface IneffectiveEntry {
  readonly permission: AgentPermission;
  readonly message: string;
  /** An entry that does what was meant, in its place. */
  readonly rewritten?: string;
  /** An entry that has to stand beside it. */
  readonly added?: string;
  /** The added entry refuses more than was written: for the user to judge. */
  readonly isWider?: true;
}

/** Entries of Claude Code's lists that protect nothing, or less than they say. */
export function ineffectiveEntries(settings: AgentSettings): readonly IneffectiveEntry[] {
  const denied = settings.permissions.filter(({ effect }) => effect === 'deny');
  return settings.permissions.flatMap((permission) => {
    const found =
      permission.effect === 'allow' ? judgeAllow(permission, denied) : judgeGuard(settings, permission);
    return found ? [{ permission, ...found }] : [];
  });
}

type Judgement = Omit<IneffectiveEntry, 'permission'>;

function judgeAllow(
  { text, name }: AgentPermission,
  denied: readonly AgentPermission[],
): Judgement | undefined {
  if (denied.some((other) => other.text.trim() === text.trim()))
    return { message: `the entry ${text} is denied too, and deny wins` };
  if (/^mcp__\*+$/.test(name))
    return { message: `the entry ${text} allows nothing: a star for servers counts in deny and ask only` };
  return undefined;
}

function judgeGuard(settings: AgentSettings, permission: AgentPermission): Judgement | undefined {
  const rule = parseClaudeRule(permission.text);
  if (!rule) return undefined;
  return (
    judgeTool(settings, permission, rule.tool, rule.specifier) ??
    (permission.tool === 'shell'
      ? judgeShell(settings, permission, rule.specifier)
      : judgePath(settings, permission, rule.specifier))
  );
}

/** The tools whose paths are never looked at, and those whose rules cover them. */
const coveredBy: Readonly<Record<string, string>> = {
  Write: 'Edit',
  MultiEdit: 'Edit',
  NotebookEdit: 'Edit',
  Glob: 'Read',
};

function judgeTool(
  { permissions }: AgentSettings,
  { effect, text }: AgentPermission,
  tool: string,
  specifier: string | undefined,
): Judgement | undefined {
  const other = Object.hasOwn(coveredBy, tool) ? coveredBy[tool] : undefined;
  if (other !== undefined && specifier !== undefined && !/^[\s*]*$/.test(specifier)) {
    const rewritten = `${other}(${specifier})`;
    // A deny of reading refuses writing as well.
    const isCovered = permissions.some(
      (one) =>
        one.effect === effect && [`Edit(${specifier})`, `Read(${specifier})`].includes(one.text.trim()),
    );
    return isCovered
      ? undefined
      : {
          message: `the entry ${text} is never asked about: only Read(…) and Edit(…) take a path, and Edit covers every tool that writes`,
          rewritten,
        };
  }
  if (tool.startsWith('mcp__') || claudeTools.includes(tool) || !/^[A-Za-z]+$/.test(tool)) return undefined;
  const meant = didYouMean(tool, claudeTools);
  const isCase = claudeTools.some((known) => known.toLowerCase() === tool.toLowerCase());
  return isCase || (meant !== '' && tool.length > 3)
    ? { message: `the entry ${text} names a tool that Claude Code does not have${meant}` }
    : undefined;
}

const homeFolders = /^(?:\.\/|\*\*\/)?(\.(?:ssh|aws|gnupg|kube|azure|config\/gcloud|docker))(?:\/.*)?$/;
const systemFolders = /^\/(?:etc|home|root|usr|var|proc|sys|dev|opt|mnt|Users|run|boot|srv)(?:\/|$)/;

function judgePath(
  { permissions, scope }: AgentSettings,
  { text, tool, name, effect }: AgentPermission,
  specifier: string | undefined,
): Judgement | undefined {
  if ((tool !== 'read' && tool !== 'edit') || specifier === undefined) return undefined;
  const path = specifier.trim();
  if (systemFolders.test(path))
    return {
      message: `the entry ${text} means a folder beside the settings: an absolute path begins with two slashes`,
      rewritten: `${name}(/${path})`,
    };
  const folder = homeFolders.exec(path)?.[1];
  if (folder === undefined || (scope !== 'project' && scope !== 'personal')) return undefined;
  const isHomeCovered = permissions.some(
    (one) => one.effect === effect && one.tool === tool && coversHome(one.pattern ?? '', folder),
  );
  return isHomeCovered
    ? undefined
    : {
        message: `the entry ${text} looks below the working directory only: ${folder} of the home folder stays open`,
        added: `${name}(~/${folder}/**)`,
      };
}

function coversHome(pattern: string, folder: string): boolean {
  const path = pattern.trim();
  return (
    (path.startsWith('~/') || path.startsWith('//')) &&
    (path.includes(folder) || /^(?:~|\/)\/\*\*?$/.test(path))
  );
}

function judgeShell(
  { permissions }: AgentSettings,
  { text, effect }: AgentPermission,
  specifier: string | undefined,
): Judgement | undefined {
  const command = specifier?.trim() ?? '';
  if (/:\*(?=.)/s.test(command.replace(/:\*$/, '')) && /:\*\s*\S/.test(command))
    return { message: `the entry ${text} matches nothing: :* counts at the end only` };
  if (/(?<![\\'"|])(?:\|\|?|&&|;)(?!['"])/.test(command))
    return { message: `the entry ${text} matches nothing: of joined commands each is asked about by itself` };
  const program = command.split(/[\s:*]+/)[0] ?? '';
  if (effect === 'deny' && /^(?:curl|wget)$/.test(program)) {
    const open = permissions.find(
      (one) => one.effect === 'allow' && one.tool === 'shell' && isInterpreter(one.pattern ?? '*'),
    );
    if (open)
      return {
        message: `the entry ${text} stops nobody: ${open.text} is allowed, and can fetch and send by itself`,
      };
  }
  return undefined;
}

function isInterpreter(pattern: string): boolean {
  const breadth = breadthOf(pattern);
  return breadth?.level === 'everything' || (breadth?.level === 'runner' && !/sends/.test(breadth.reason));
}

const flagged = /^([\w./-]+)((?:\s+[\w-]+)*?)\s+-{1,2}[\w-]+.*$/s;
const careful = /^(?:rm|chmod|chown|git|dd|kill|pkill|docker|mkfs|truncate|shred|find|mv)$/;

/**
 * Denied commands with options that another order or spelling gets past: `rm -rf` is `rm -fr`. The whole command is
 * what such an entry has to name. Undefined where it is denied as a whole already.
 */
export function avoidableDenies({
  permissions,
}: AgentSettings): readonly (AgentPermission & { readonly whole: string })[] {
  const denied = permissions.filter(({ effect, tool }) => effect === 'deny' && tool === 'shell');
  const patterns = new Set(denied.map(({ pattern = '' }) => pattern.replace(/\s*\*$/, '').trim()));
  return denied.flatMap((permission) => {
    const pattern = (permission.pattern ?? '').replace(/\s*\*$/, '');
    const [, program = '', words = ''] = flagged.exec(pattern) ?? [];
    if (!careful.test(program)) return [];
    const whole = `${program}${words}`.trim();
    const isWhole = patterns.has(whole) || patterns.has(program);
    return isWhole ? [] : [{ ...permission, whole }];
  });
}
