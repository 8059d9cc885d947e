import { type Confidence, type Severity, severities } from '../core/rule.js';
import { credentialPaths } from './credential-paths.js';
import type { HostPath } from './host-path.js';
import { obeyedPaths } from './obeyed-paths.js';
import {
  type CredentialEntry,
  type CredentialKind,
  credentialParents,
  type Grade,
} from './path-catalogue.js';
import { parsePattern, pathTable, relate } from './path-pattern.js';

export interface CredentialRisk {
  readonly what: string;
  readonly grade: Grade;
  readonly whenReadOnly: Grade;
  readonly confidence: Confidence;
  /** The host, its editors or its agents run or obey what is written there. */
  readonly obeyed: boolean;
  readonly agentState: boolean;
  readonly folder: boolean;
}

const obeyedKinds: readonly CredentialKind[] = ['agent-state', 'exec', 'identity', 'cache'];

/** What the catalogue of credential paths says about a host path; undefined where it says nothing. */
export function classifyCredential(host: HostPath, readOnly: boolean): CredentialRisk | undefined {
  if (host.up > 0) return undefined;
  if (host.base === 'workspace') return classifyWorkspacePath(host);
  if (host.segments.at(-1)?.endsWith('.kdbx')) return describe(passwordFile, readOnly, false);
  const best = catalogueTable.find(host);
  if (best) {
    const { entry, folder } = best.row;
    return describe(entry, readOnly, folder && best.relation === 'same');
  }
  return classifyParent(host, readOnly);
}

const passwordFile: CredentialEntry = {
  kind: 'store',
  what: 'a password store',
  read: 'error',
  write: 'error',
  folders: [],
  files: [],
};

const catalogueTable = pathTable<{ entry: CredentialEntry; folder: boolean }>(() =>
  [...credentialPaths, ...obeyedPaths].flatMap((entry) => [
    ...entry.folders.map((text) => [text, { entry, folder: true }] as const),
    ...entry.files.map((text) => [text, { entry, folder: false }] as const),
  ]),
);

function describe(entry: CredentialEntry, readOnly: boolean, folder: boolean): CredentialRisk {
  return {
    what: entry.what,
    grade: readOnly ? entry.read : entry.write,
    whenReadOnly: entry.read,
    confidence: 'high',
    obeyed: obeyedKinds.includes(entry.kind),
    agentState: entry.kind === 'agent-state',
    folder,
  };
}

/** A credential folder kept in the repository itself: the container sees it anyway. */
function classifyWorkspacePath(host: HostPath): CredentialRisk | undefined {
  const found = folderTable.find({ ...host, base: 'home' });
  return found && { ...describe(found.row, true, false), grade: 'pedantic', whenReadOnly: 'pedantic' };
}

const folderTable = pathTable(() =>
  credentialPaths.flatMap((entry) => entry.folders.map((text) => [text, entry] as const)),
);

/** A folder that holds places of the catalogue. */
function classifyParent(host: HostPath, readOnly: boolean): CredentialRisk | undefined {
  if (host.base !== 'home' || host.segments.length === 0) return undefined;
  if (credentialParents.some((text) => relate(parsePattern(text), host) === 'same')) {
    return { ...describe(passwordFile, readOnly, true), what: 'settings and logins of most programs' };
  }
  const worst = catalogueTable
    .listBelow(host)
    .map(({ entry }) => describe(entry, readOnly, true))
    .sort((a, b) => rank(a.grade) - rank(b.grade) || Number(a.obeyed) - Number(b.obeyed))[0];
  // The folder may hold the place or not: one more condition than where it is named itself.
  return (
    worst && {
      ...worst,
      what: `a folder that may hold ${worst.what}`,
      grade: lower(worst.grade),
      confidence: 'medium',
    }
  );
}

const byHarm: readonly Grade[] = [...severities, 'pedantic', 'none'];

function rank(grade: Grade): number {
  return byHarm.indexOf(grade);
}

function lower(grade: Grade): Grade {
  const step: Partial<Record<Grade, Severity>> = { error: 'warning' };
  return step[grade] ?? grade;
}
