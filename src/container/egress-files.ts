import type { Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { parseJson } from '../documents/json.js';
import { jsonProblems } from '../documents/json-problems.js';
import { type DocumentKind, kindOf } from '../documents/kinds.js';
import type { UnreadableFile } from '../documents/problem.js';
import { type AllowEntry, type ListEntry, listEntries } from './allow-entry.js';
import type { Container } from './container.js';
import { type PolicyDocument, readPolicy } from './policy-document.js';
import { findFirewallScripts, scriptEntries } from './script-lists.js';

/** What stands beside a devcontainer.json and decides about egress. */
export interface EgressFiles {
  readonly policy: PolicyDocument | undefined;
  /** The entries of the list that init-firewall.sh reads. */
  readonly lines: readonly ListEntry[] | undefined;
  /** The entries of each list whose reader is not known. */
  readonly lists: readonly (readonly ListEntry[])[];
  /** The entries of each list in a script that sets up a firewall. */
  readonly scripts: readonly (readonly AllowEntry[])[];
  readonly mode: SourceFile | undefined;
  readonly problems: readonly UnreadableFile[];
}

/** Reads those of the folder's files whose names say that they are such, and the scripts that the container starts. */
export async function readEgressFiles(
  folder: string,
  names: readonly string[],
  project: Project,
  container: Container | undefined,
): Promise<EgressFiles> {
  const problems: UnreadableFile[] = [];
  const read = (kind: DocumentKind) =>
    names.flatMap((name) => {
      const path = `${folder}/${name}`;
      if (kindOf(path) !== kind) return [];
      const result = project.read(path);
      if ('file' in result) return [result.file];
      const message = `the file ${result.message}`;
      problems.push({ file: { path, text: '' }, at: { start: 0, end: 0 }, message });
      return [];
    });
  const [policyFile] = read('policy');
  const document = policyFile && parseJson(policyFile);
  if (document) problems.push(...jsonProblems(document));
  const policy = document?.root?.type === 'object' ? readPolicy(document) : undefined;
  const files = read('allowlist');
  const own = files.find(({ path, text }) => path === `${folder}/allowlist` && (policy || isOurs(text)));
  const scripts = findFirewallScripts(read('firewall-script'), container);
  return {
    policy,
    lines: own && listEntries(own, 'firewall'),
    lists: files
      .filter((file) => file !== own)
      .map((file) =>
        listEntries(file, 'unknown').filter(
          ({ text, target }) => isPlain(text) || target.kind === 'addresses',
        ),
      )
      .filter(isList),
    scripts: (await scriptEntries(scripts)).filter((entries) => entries.length > 0),
    mode: read('firewall-mode')[0],
    problems,
  };
}

/** What `init` writes says so in a comment. */
function isOurs(text: string): boolean {
  return /^#.*harden-devcontainer/m.test(text.replace(/^\uFEFF/, ''));
}

/** Patterns, calls and exceptions are in a language of the list's own reader. */
function isPlain(text: string): boolean {
  return !/^[!~+-]|[(){}[\]|^$\\"'=<>]/.test(text);
}

/** A file whose name speaks of allowing but whose lines are no hosts is for something else. */
function isList(entries: readonly ListEntry[]): boolean {
  const hosts = entries.filter(({ target, flaws }) => target.kind !== 'unknown' && !flaws.includes('words'));
  return hosts.length * 2 > entries.length;
}
