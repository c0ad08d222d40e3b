import { z } from 'zod';

interface Choice<T extends string> {
  values: readonly T[];
  /** Words of older files and what they are called now. */
  older?: Readonly<Record<string, T>>;
  /** Words that people will write, and what to do instead. */
  refused?: Readonly<Record<string, string>>;
}

/** A closed list of words that also knows its older spellings and explains its refusals. */
export function choice<const T extends string>({ values, older = {}, refused = {} }: Choice<T>) {
  const named = new Map<string, T>([...Object.entries(older), ...values.map((value): [string, T] => [value, value])]);
  const advice = new Map(Object.entries(refused));
  return z
    .string()
    .transform((word, context): T => {
      const value = named.get(word);
      if (value !== undefined) return value;
      const instead = advice.get(word.toLowerCase()) ?? null;
      context.issues.push({
        code: 'custom',
        message: instead === null ? `must be one of ${values.join(', ')}` : 'cannot be used',
        params: { word, words: values, instead },
        input: word,
      });
      return z.NEVER;
    })
    .meta({ enum: [...named.keys()].toSorted(byPlace(values)), 'x-older': older });
}

// What people write now comes first, in the order of the list.
function byPlace(values: readonly string[]): (left: string, right: string) => number {
  const place = (word: string): number => (values.includes(word) ? values.indexOf(word) : values.length);
  return (left, right) => place(left) - place(right);
}
