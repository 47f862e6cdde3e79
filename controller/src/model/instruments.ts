/** Where parts of the controller say how they fare; counters and histograms are made of it elsewhere. Seconds throughout. */
export interface Instruments {
  /** A pass of the main loop has ended; `lagSeconds` is how late it began. */
  ticked(tick: { readonly lagSeconds: number; readonly seconds: number; readonly ok: boolean }): void;
  /** Rules were judged and alerts stepped, for all targets of one pass. */
  judged(seconds: number): void;
  /** An attempt to send one message to one recipient has ended. */
  notified(reason: string, result: 'sent' | 'retry' | 'rejected'): void;
  /** `concurrency` is how many passes may run at one time. */
  queue(name: string, concurrency: number): QueueInstruments;
}

/** What controller-runtime and client-go tell of a work queue. */
export interface QueueInstruments {
  added(depth: number): void;
  retried(): void;
  began(waitedSeconds: number, depth: number): void;
  ended(result: 'success' | 'requeue_after' | 'error', seconds: number): void;
}
