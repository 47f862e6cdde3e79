/** A reason why the system cannot start or stop, with the way out; shown as it is, without a stack. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
  readonly wayOut: string;

  constructor(message: string, wayOut: string) {
    super(message);
    this.wayOut = wayOut;
  }
}
