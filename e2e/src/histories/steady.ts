interface Known {
  /** Words of the story that differ from one time to the next, and what stands for them. */
  words: ReadonlyMap<string, string>;
}

/** Puts steady names into texts: the same story told twice has the same ids, digests and commits. */
export interface Steady {
  text(text: string): string;
  /** A payload with steady names, and without measurements. */
  payload<T>(payload: T): T;
}

const shapes = [
  { pattern: /\b[0-9a-f]{64}\b/g, make: (n: number) => n.toString(16).padStart(64, '0') },
  { pattern: /\b[0-9a-f]{40}\b/g, make: (n: number) => n.toString(16).padStart(40, '0') },
  {
    pattern: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g,
    make: (n: number) => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
  },
] as const;

/** Numbers names in the order in which they come. */
export function createSteady({ words }: Known): Steady {
  const names = new Map<string, string>();
  const text = (given: string): string => {
    let steady = given;
    for (const [word, stands] of words) steady = steady.replaceAll(word, stands);
    for (const { pattern, make } of shapes) {
      steady = steady.replace(pattern, (found) => {
        if (/^0{8}/.test(found)) return found;
        const name = names.get(found) ?? make(names.size + 1);
        names.set(found, name);
        return name;
      });
    }
    return steady;
  };
  return {
    text,
    payload<T>(payload: T): T {
      const measured = JSON.stringify(payload, (key, value: unknown) =>
        typeof value === 'number' && measurements.has(key) ? 0 : value,
      );
      const steady: T = JSON.parse(text(measured));
      return steady;
    },
  };
}

const measurements = new Set(['durationMs', 'samples', 'sizeBytes', 'value', 'baseline']);
