import type { Place, SourceFile, Span } from './text.js';

export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];
export type Confidence = 'high' | 'medium' | 'low';
/** `pedantic` rules and reports are hardening wishes: shown only when asked for. */
export type Persona = 'default' | 'pedantic';

/** A change of one stretch of a file: an insertion has an empty span, a deletion an empty text. */
export interface Edit {
  /** Path as in {@link SourceFile.path}. */
  readonly file: string;
  readonly at: Span;
  readonly text: string;
}

/**
 * A titled group of edits, applied whole or not at all; may span files.
 * `safe` cannot change what a correctly working container does, or only removes what has no effect.
 */
export interface Fix {
  /** Imperative, lower case: 'remove the mount'. */
  readonly title: string;
  readonly safety: 'safe' | 'review';
  /** What the user loses or has to do afterwards, in one line. */
  readonly consequence: string;
  readonly edits: readonly Edit[];
  /** It gives effect to text that had none, or takes a reason away. Where a finding comes up by that, the fix is withheld. */
  readonly enables?: true;
}

/** What a rule says about one place. `severity`, `confidence`, `persona` override the rule's own for this report. */
export interface Report {
  readonly place: Place;
  /** Lower case, present tense, no full stop, naming the value seen. */
  readonly message: string;
  readonly related?: readonly { place: Place; message: string }[];
  /** Alternatives; the first is the recommended one. */
  readonly fixes?: readonly Fix[] | (() => readonly Fix[]);
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly persona?: Persona;
  /** The text at the place is a secret: no report may show it. */
  readonly secret?: true;
  /** What a registry would have to say for another fix; asked by `fix --online` only. */
  readonly asks?: readonly Wanted[];
}

/** A name that stands for whatever is published under it; what it stands for now, only its registry knows. */
export interface Wanted {
  readonly source: 'image' | 'feature' | 'npm' | 'pypi' | 'extension';
  /** As written, without version: `ghcr.io/devcontainers/features/node`, `@playwright/mcp`. */
  readonly name: string;
  /** What is written of a version: a tag, the beginning of a version, a range; '' where nothing is. */
  readonly range: string;
  /** The registry that the project's own settings name for it; https only. */
  readonly registry?: string;
}

/** One fixed version of something {@link Wanted}. Checked: it holds no character that any syntax would have to quote. */
export interface Pin {
  /** Undefined for an image: there the digest is the version. */
  readonly version?: string;
  /** `sha256:` and 64 hexadecimal digits; of what registries of containers hold. */
  readonly digest?: string;
  /** Of a Feature: the references that it brings along. */
  readonly dependsOn?: readonly string[];
  /** Who says so: a host. */
  readonly from: string;
}

export interface Finding extends Omit<Report, 'severity' | 'confidence' | 'persona'> {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly persona: Persona;
  readonly fixes: readonly Fix[];
}

/**
 * What rules look at, by name. Every layer that makes subjects adds its own here by declaration merging
 * (`documents/` the document kinds, `container/` the effective container), so core depends on none of them.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface Subjects {}

/** A subject with its name, as the engine hands it to the rules. */
export type Subject = {
  [K in keyof Subjects]: {
    readonly on: K;
    readonly value: Subjects[K];
    /** What the messages about it begin with, where it is one of several in the same files: `service db`. */
    readonly about?: string;
  };
}[keyof Subjects];

/** Why a file could not be used as text. */
export type ReadProblem = 'missing' | 'unreadable' | 'outside' | 'too-large' | 'not-utf8' | 'not-a-file';
export type ReadResult =
  | { readonly file: SourceFile }
  | { readonly problem: ReadProblem; readonly message: string };

/** The names in a folder, or why they cannot be listed. */
export type Listing =
  | { readonly names: readonly string[] }
  | { readonly problem: ReadProblem; readonly message: string };

/** The files below one root, read-only. Paths are '/'-separated and relative to the root; nothing outside is readable. */
export interface Project {
  read(path: string): ReadResult;
  /** `''` is the root. Names are sorted by code unit. */
  list(path: string): Listing;
  /** What Git tracks in the repository that a folder belongs to; undefined where no index can be read. */
  tracked(folder: string): TrackedFiles | undefined;
  /** What a registry has answered. Rules ask nobody themselves: without an answer there is none. */
  pinOf?(wanted: Wanted): Pin | undefined;
}

/** The files that Git tracks in one repository: the same object each time that it is asked for. */
export interface TrackedFiles {
  /** The repository's folder, as in {@link Project}. */
  readonly root: string;
  /** Paths below it. */
  readonly paths: readonly string[];
}

export interface Rule<K extends keyof Subjects = keyof Subjects> {
  /** kebab-case, the file's name; permanent. */
  readonly id: string;
  readonly on: K;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly persona: Persona;
  /** One line, imperative or descriptive, no full stop: the heading of help and docs. */
  readonly summary: string;
  /** The attack, in one or two sentences. */
  readonly why: string;
  /** What a person has to decide where no example is fixed: why the tool does not choose. */
  readonly decide?: string;
  readonly references: readonly string[];
  readonly examples: readonly RuleExample[];
  /** What must stay silent. */
  readonly good: readonly ExampleFiles[];
  check(subject: Subjects[K], project: Project): Iterable<Report>;
  /**
   * Whether {@link check} may report what is shown by default: cheap, and asked first where nobody wants the rest. Always,
   * where a rule does not say.
   */
  mayShow?(subject: Subjects[K]): boolean;
}

/** A rule on any subject, as lists hold them: `on` tells which. */
export type AnyRule = { [K in keyof Subjects]: Rule<K> }[keyof Subjects];

/**
 * One file's text (then it is the kind's usual file, `.devcontainer/devcontainer.json` for the container),
 * or several files by path.
 */
export type ExampleFiles = string | Readonly<Record<string, string>>;

export interface RuleExample {
  /** Each reported span stands between « and »; anything reported elsewhere, or a mark without a report, fails the test. */
  readonly bad: ExampleFiles;
  /** The files after the first fix of every finding; left out where a rule has no fix. */
  readonly fixed?: ExampleFiles;
  /** What registries say: then `fixed` is what `fix --online` makes. */
  readonly online?: readonly (Wanted & { readonly pin: Pin })[];
  /** Only who asks for more sees it; the rule's own where nothing is said. */
  readonly persona?: Persona;
}
