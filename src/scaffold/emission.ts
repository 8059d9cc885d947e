/** A file that `init` writes. */
export interface Emission {
  /** '/'-separated, relative to the project. */
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}

/** The templates by path relative to `templates/`: `.devcontainer/Dockerfile.hbs`. */
export type Templates = Readonly<Record<string, string>>;
