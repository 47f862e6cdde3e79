/** Puts messages about the same thing together in mail readers; the subject of all of them must be the same. */
export interface MailThread {
  /** Of each alert that the message speaks of, the leading one first; the same in every message of one firing. */
  readonly ids: readonly string[];
  /** What the alerts are, for rules of mail readers: `default/webapp|cpu|local/webapp`. */
  readonly alerts: readonly string[];
}

/** A picture within the mail; the HTML shows it by `cid:` and its content id. */
export interface InlinePicture {
  readonly contentId: string;
  readonly png: Uint8Array;
}
