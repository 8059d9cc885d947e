/** One option of a command: what help says about it and how it is read. */
export interface Flag {
  readonly describe: string;
  readonly type: 'string' | 'boolean' | 'list';
  readonly choices?: readonly string[];
  readonly default?: string;
  /** What stands for the value in help. */
  readonly value?: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** A command as data: its flags, its positional and what help shows. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly positional?: { readonly name: string; readonly describe: string; readonly many: boolean };
  readonly flags: Flags;
  /** Command lines without the program's name, with what they do. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** More paragraphs at the end of its help. */
  readonly notes?: readonly string[];
}
