/**
 * A function that remembers its answers: the same few things are read over and over, those of runs that are under way.
 * Everything is forgotten when there are too many.
 *
 * @param most how many answers are remembered at once
 */
export function remember<K, V>(answer: (key: K) => V, most: number): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= most) known.clear();
    const value = answer(key);
    known.set(key, value);
    return value;
  };
}
