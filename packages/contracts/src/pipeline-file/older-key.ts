import type { z } from 'zod';

/** Marks a key of older files: accepted, and answered with a warning that says what to write now. */
export function older<T extends z.ZodType>(schema: T, advice: string) {
  return schema.optional().meta({ description: advice, deprecationMessage: advice });
}
