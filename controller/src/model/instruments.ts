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
  /** An API server answered a call with this HTTP status, or the call failed without an answer. */
  called(method: string, host: string, code: number | 'error'): void;
  /** Objects of a kind are followed from now on. */
  informer(kind: string): InformerInstruments;
}

/** How following the objects of one kind goes. */
export interface InformerInstruments {
  /** All were listed: for the first time, since the watch was lost, or to make sure. */
  listed(why: 'first' | 'lost' | 'routine'): void;
  /** So many differences were found though the watch seemed well: it had gone deaf. */
  missed(differences: number): void;
}

/** What controller-runtime and client-go tell of a work queue. */
export interface QueueInstruments {
  added(depth: number): void;
  retried(): void;
  /** Gives the call that ends the pass. */
  began(waitedSeconds: number, depth: number): (result: PassResult, seconds: number) => void;
}

/**
 * How a pass over a key ended. `terminal`, `panic` and `timeout` are errors: one that is not tried again, one nobody
 * expected, and a pass that took too long.
 */
export type PassResult = 'success' | 'requeue_after' | 'error' | 'terminal' | 'panic' | 'timeout';
