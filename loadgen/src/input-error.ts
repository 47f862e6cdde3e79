/** What the user gave is wrong; the message is one line that says what and how to put it right. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
