import { isIP } from 'node:net';

/** Sent with every answer: no inline script, nothing from elsewhere, no framing. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * Whether the Host header may be answered. A page elsewhere can point its own name at this address (DNS
 * rebinding) and would then read us; it cannot do so with an IP address, `localhost` or a name without a dot.
 */
export function isAllowedHost(header: string | undefined, knownNames: readonly string[]): boolean {
  if (header === undefined) return false;
  const name = hostName(header);
  if (name === undefined) return false;
  return isIP(name) !== 0 || !name.includes('.') || name.endsWith('.localhost') || knownNames.includes(name);
}

function hostName(header: string): string | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/\s]+))(?::\d{1,5})?$/.exec(header);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/** Whether a page of this origin is one of ours: by the name that was asked for, or by the address it is known under. */
export function isOwnOrigin(
  origin: string,
  known: { readonly url: URL; readonly hosts: readonly (string | undefined)[] },
): boolean {
  if (!URL.canParse(origin)) return false;
  const parsed = new URL(origin);
  return origin === known.url.origin || (/^https?:$/.test(parsed.protocol) && known.hosts.includes(parsed.host));
}
