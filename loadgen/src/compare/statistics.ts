/** Student's t and Welch's interval: whether two means differ beyond chance. */

export interface Sample {
  readonly mean: number;
  /** Unbiased. */
  readonly variance: number;
  readonly size: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export function sampleOf(values: readonly number[]): Sample {
  const size = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / size;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: size > 1 ? squares / (size - 1) : 0, size };
}

/**
 * Confidence interval of the difference `other - base` of two means whose variances may differ (B. L. Welch, "The generalization of
 * Student's problem when several different population variances are involved", Biometrika 34, 1947), with the degrees of freedom of
 * Welch and Satterthwaite.
 * @param confidence above 0, below 1
 */
export function welchInterval(base: Sample, other: Sample, confidence: number): Interval {
  const [baseShare, otherShare] = [base.variance / base.size, other.variance / other.size];
  const difference = other.mean - base.mean;
  const standardError = Math.sqrt(baseShare + otherShare);
  if (standardError === 0) return { low: difference, high: difference };
  const degrees =
    (baseShare + otherShare) ** 2 / (baseShare ** 2 / (base.size - 1) + otherShare ** 2 / (other.size - 1));
  const reach = studentQuantile(1 - confidence, degrees) * standardError;
  return { low: difference - reach, high: difference + reach };
}

/** The t that is exceeded, to either side, with the given probability. */
export function studentQuantile(twoSided: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (studentTail(high, degrees) > twoSided && high < 1e9) high *= 2;
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2;
    if (studentTail(middle, degrees) > twoSided) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability that |T| exceeds t: I_x(n/2, 1/2) with x = n / (n + t^2) (Abramowitz and Stegun, 26.7.1 and 26.5.27). */
function studentTail(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** Regularized, by its continued fraction (DLMF 8.17.22), on the side of its symmetry where that converges fast. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  if (x > (a + 1) / (a + b + 2)) return 1 - (Math.exp(logFront) * betaFraction(1 - x, b, a)) / b;
  return (Math.exp(logFront) * betaFraction(x, a, b)) / a;
}

const MAX_TERMS = 300;
const TINY = 1e-300;

/** By the method of Lentz (Applied Optics 15, 1976). */
function betaFraction(x: number, a: number, b: number): number {
  let [c, d] = [1, 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))];
  let fraction = d;
  for (let term = 1; term <= MAX_TERMS; term += 1) {
    const even = (term * (b - term) * x) / ((a + 2 * term - 1) * (a + 2 * term));
    const odd = (-(a + term) * (a + b + term) * x) / ((a + 2 * term) * (a + 2 * term + 1));
    for (const coefficient of [even, odd]) {
      d = 1 / awayFromZero(1 + coefficient * d);
      c = awayFromZero(1 + coefficient / c);
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < Number.EPSILON) return fraction;
  }
  return fraction;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** Stirling's series after shifting the argument above 10 (Abramowitz and Stegun, 6.1.41): good to 1e-12. */
function logGamma(value: number): number {
  let [shifted, correction] = [value, 0];
  while (shifted < 10) {
    correction += Math.log(shifted);
    shifted += 1;
  }
  const square = shifted * shifted;
  const series = 1 / (12 * shifted) - 1 / (360 * shifted * square) + 1 / (1_260 * shifted * square * square);
  return (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series - correction;
}
