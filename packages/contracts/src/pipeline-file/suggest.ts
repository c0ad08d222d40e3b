/** The word of a list that was most likely meant; null where none is near. */
export function suggestWord(word: string, words: readonly string[]): string | null {
  const wanted = simplify(word);
  // Nobody mistypes a word of this length, and comparing it would cost time.
  if (wanted.length === 0 || wanted.length > 60) return null;
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of words) {
    const distance = editDistance(wanted, simplify(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function simplify(word: string): string {
  return word.toLowerCase().replace(/[-_ .]/g, '');
}

/**
 * How many letters must be inserted, deleted, replaced or swapped with their neighbour to turn one word into the other.
 *
 * @see "optimal string alignment distance", a restricted Damerau-Levenshtein distance
 */
export function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      current.push(cell({ left, right, row, column, beforePrevious, previous, current }));
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous.at(-1) ?? 0;
}

interface Cell {
  left: string;
  right: string;
  row: number;
  column: number;
  beforePrevious: readonly number[];
  previous: readonly number[];
  current: readonly number[];
}

function cell({ left, right, row, column, beforePrevious, previous, current }: Cell): number {
  const same = left[row - 1] === right[column - 1];
  const replaced = (previous[column - 1] ?? 0) + (same ? 0 : 1);
  const distance = Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
  const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
  return swapped ? Math.min(distance, (beforePrevious[column - 2] ?? 0) + 1) : distance;
}
