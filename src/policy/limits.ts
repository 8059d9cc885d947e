/** What the container may take of the host, as the policy names it. Undefined: as much as the engine gives. */
export interface Limits {
  /** A number with `m` or `g` behind it. */
  readonly memory: string | undefined;
  readonly cpus: number | undefined;
  /** Processes and threads. */
  readonly pids: number;
  /** Open files of one process. */
  readonly openFiles: number | undefined;
  /** Size of /tmp, which then lies in memory. */
  readonly temporary: string | undefined;
  /** Size of /dev/shm. */
  readonly sharedMemory: string | undefined;
  /** Nothing of the image can be changed; the user's home is a volume. */
  readonly readOnlyRoot: boolean;
}

/** The same defaults as in schemas/policy.schema.json; a test holds them together. */
const defaultLimits: Limits = {
  memory: undefined,
  cpus: undefined,
  pids: 4096,
  openFiles: undefined,
  temporary: undefined,
  sharedMemory: undefined,
  readOnlyRoot: false,
};

/** The section with what it leaves out. */
export function toLimits(raw: Partial<Limits> = {}): Limits {
  return { ...defaultLimits, ...raw };
}
