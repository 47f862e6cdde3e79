import { inflateSync } from 'node:zlib';
import { build, decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';

/** As the generator builds them: counts are 64 bits wide, values are good to one in a thousand. */
const LAYOUT = {
  lowestDiscernibleValue: 1,
  highestTrackableValue: 120_000_000,
  numberOfSignificantValueDigits: 3,
  bitBucketSize: 64,
} as const;

/** All buckets of this layout, each with a count of nine bytes. */
const MAX_BYTES = 400_000;
/** Of the HdrHistogram V2 encoding: a cookie and a length, then what is deflated. */
const ENVELOPE_BYTES = 8;
/** Where the layout stands in what is deflated, behind cookie, length and offset. */
const DIGITS_AT = 12;
const LOWEST_AT = 16;
const HIGHEST_AT = 24;
const HEADER_BYTES = 40;

export function emptyHistogram(): Histogram {
  return build(LAYOUT);
}

/**
 * @param encoded HdrHistogram of microseconds: V2, deflated, base64. Outside text: it may blow up when it is inflated, or ask for
 *   gigabytes of buckets, so that its layout is looked at before
 * @throws Error for what is none of the generator's
 */
export function decodeHistogram(encoded: string): Histogram {
  const inflated = inflateSync(Buffer.from(encoded, 'base64').subarray(ENVELOPE_BYTES), { maxOutputLength: MAX_BYTES });
  const isOurs =
    inflated.length >= HEADER_BYTES &&
    inflated.readUInt32BE(DIGITS_AT) === LAYOUT.numberOfSignificantValueDigits &&
    inflated.readBigUInt64BE(LOWEST_AT) === BigInt(LAYOUT.lowestDiscernibleValue) &&
    inflated.readBigUInt64BE(HIGHEST_AT) === BigInt(LAYOUT.highestTrackableValue);
  if (!isOurs) throw new RangeError('a histogram of another layout');
  return decodeFromCompressedBase64(encoded, LAYOUT.bitBucketSize);
}
