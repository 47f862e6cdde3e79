/** Which of several replicas acts. */
export interface Leadership {
  /**
   * Whether this replica may act now. Ask right before each thing that leaves the process: the answer is true only for as
   * long as nobody else can have taken over.
   */
  isHeld(): boolean;
  /** Who leads, as last seen; undefined: nobody known. */
  leader(): Leader | undefined;
}

export interface Leader {
  /** The name of its pod, and an id of its run. */
  readonly identity: string;
  /** Where the other replicas reach it; undefined: it has not said. */
  readonly url: string | undefined;
}

/** Called right before something leaves the process. Throws NotLeading when another replica may be acting by now. */
export type Fence = () => void;
