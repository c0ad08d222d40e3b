/** Numbers that look random and are the same each time, from `base` to `base + spread`. */
export function sequence(seed: number, count: number, { base, spread }: { base: number; spread: number }): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return Number((base + (spread * state) / 2_147_483_648).toFixed(4));
  });
}
