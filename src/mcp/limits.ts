/** What one session may take of the host. */
export interface Limits {
  /** Bytes of one message of the client. */
  readonly request: number;
  /** Bytes of one answer to it. */
  readonly answer: number;
  /** Messages that the client may send in a minute. */
  readonly messagesPerMinute: number;
  /** Requests that wait for an answer at one time. */
  readonly pending: number;
  /** Milliseconds until an answer must be there. */
  readonly call: number;
  /** Milliseconds without a message until the session ends. */
  readonly idle: number;
}

const mebi = 1024 * 1024;

export const defaultLimits: Limits = {
  request: 16 * mebi,
  answer: 64 * mebi,
  messagesPerMinute: 6000,
  pending: 128,
  call: 5 * 60_000,
  idle: 8 * 3600_000,
};

/** The same for all servers of a project. */
export const hostLimits = {
  /** Sessions of one server: a process each. */
  sessions: 256,
  /** Bytes of unfinished long lines of all sessions together. */
  heldBytes: 256 * mebi,
  /** Milliseconds until a connection must have said who it is: on a busy machine 200 handshakes at once take ten seconds. */
  greeting: 30_000,
  /** Messages of a server, other than answers. */
  notice: mebi,
} as const;
