/**
 * Whether a branch fits a pattern: `*` stands for any text without `/`, `**` for any text. Takes time in proportion to
 * both lengths, whatever the pattern is: it comes from the repository.
 */
export function matchesBranch(pattern: string, branch: string): boolean {
  // Which lengths of the branch's beginning the pattern so far can stand for.
  let reached = new Set([0]);
  for (const [part] of pattern.matchAll(/\*{1,2}|[^*]+/g)) {
    reached = part.startsWith('*') ? stretch(reached, branch, part === '**') : step(reached, branch, part);
    if (reached.size === 0) return false;
  }
  return reached.has(branch.length);
}

function step(reached: ReadonlySet<number>, branch: string, part: string): Set<number> {
  const fits = [...reached].filter((position) => branch.startsWith(part, position));
  return new Set(fits.map((position) => position + part.length));
}

function stretch(reached: ReadonlySet<number>, branch: string, overSlashes: boolean): Set<number> {
  const next = new Set<number>();
  for (let position = 0; position <= branch.length; position += 1) {
    const goesOn = next.has(position - 1) && (overSlashes || branch[position - 1] !== '/');
    if (reached.has(position) || goesOn) next.add(position);
  }
  return next;
}
