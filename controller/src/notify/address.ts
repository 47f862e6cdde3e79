/** An address of RFC 5321 is at most this long. */
const MAX_ADDRESS_LENGTH = 254;

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domain = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

/**
 * Whether the text is one plain address (`ops@example.org`): no display name, no list, no quoting, nothing that could
 * become a second header or a second recipient. ASCII only, as SES wants it (a domain in Punycode).
 */
export function isEmailAddress(text: string): boolean {
  if (text.length > MAX_ADDRESS_LENGTH) return false;
  const at = text.lastIndexOf('@');
  return at > 0 && at <= 64 && localPart.test(text.slice(0, at)) && domain.test(text.slice(at + 1));
}
