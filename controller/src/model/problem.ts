/** A trouble of the controller itself that someone can act on; it goes when its cause goes. */
export interface Problem {
  /** What it is about: `docker:local`, `policy-file:web.yaml`, `notifier`, `logs`. */
  readonly key: string;
  readonly reason: string;
  /** What is wrong and what to do, in one line. */
  readonly message: string;
  readonly since: number;
}
