/** What a person must approve, as the policy names it. */
export const approvals = ['push', 'publish', 'deploy', 'migrate'] as const;
export type Approval = (typeof approvals)[number];
export const argumentForms = ['full', 'hash'] as const;

/** What an agent in the container may do by itself. */
export interface Guards {
  /** The agents may work without asking before each step. */
  readonly bypass: boolean;
  /** Branch names; `*` stands for any run of characters. */
  readonly protectedBranches: readonly string[];
  readonly approve: readonly Approval[];
  /** What the audit trail keeps of a tool call's arguments. */
  readonly arguments: (typeof argumentForms)[number];
  readonly packages: PackageGuards;
}

/** Packages that an agent adds by name. */
export interface PackageGuards {
  /** 0: every age is taken. */
  readonly minimumAgeDays: number;
  /** Of the last week, for the npm registry; 0: nobody is asked. */
  readonly minimumDownloads: number;
  readonly installScripts: boolean;
}

/** The section as the schema accepts it. */
export type RawGuards = Partial<Omit<Guards, 'packages'>> & { readonly packages?: Partial<PackageGuards> };

/** The same defaults as in schemas/policy.schema.json; a test holds them together. */
const defaultGuards: Guards = {
  bypass: false,
  protectedBranches: ['main', 'master', 'release/*'],
  approve: approvals,
  arguments: 'full',
  packages: { minimumAgeDays: 3, minimumDownloads: 0, installScripts: false },
};

/** The section with what it leaves out. */
export function toGuards(raw: RawGuards = {}): Guards {
  return { ...defaultGuards, ...raw, packages: { ...defaultGuards.packages, ...raw.packages } };
}
