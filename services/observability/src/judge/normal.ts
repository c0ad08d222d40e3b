/**
 * The part of the standard normal distribution that lies above z, with a relative error under 2e-7, far out too.
 *
 * @see Press et al., "Numerical Recipes in C", 2nd edition, section 6.2: erfcc
 */
export function upperTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  let polynomial = 0;
  for (const coefficient of coefficients) polynomial = polynomial * t + coefficient;
  const tail = (t * Math.exp(-x * x + polynomial)) / 2;
  return z >= 0 ? tail : 1 - tail;
}

const coefficients = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
  -1.26551223,
];

/** The z above which 2.5 % of the standard normal distribution lie: two sides of it leave out 5 %. */
export const z95 = 1.959963984540054;
