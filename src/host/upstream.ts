/** The server's end of one session. */
export interface Upstream {
  /** False where it takes no more for now; then `onDrain` tells when it does again. */
  send(line: Uint8Array): boolean;
  pause(): void;
  resume(): void;
  /** The client will say nothing more; what it asked for may still be answered. */
  finish(): void;
  /** Ends it and everything that it has started. */
  stop(): void;
}

/** What a server's end tells. */
export interface UpstreamEvents {
  onData(chunk: Buffer): void;
  onDrain(): void;
  /** Once, whatever happened. */
  onGone(reason: string): void;
}

export type OpenUpstream = (events: UpstreamEvents) => Upstream;
