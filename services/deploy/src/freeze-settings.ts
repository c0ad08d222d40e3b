import { targetName } from '@orchestra/contracts';
import { z } from 'zod';
import type { SetFreeze } from './ports.ts';

const example = 'production 2026-12-18T00:00Z 2027-01-04T00:00Z Christmas business';

/** Freezes of the platform itself, divided by semicolons. */
export const freezeEnv = z.object({
  /**
   * When nothing is released to an environment of any repository: its name (`*`: all), from, until and why, such as
   * `production 2026-12-18T00:00Z 2027-01-04T00:00Z Christmas business`; several divided by semicolons.
   */
  RELEASE_FREEZES: z
    .string()
    .default('')
    .transform((text, context): readonly SetFreeze[] =>
      text
        .split(';')
        .map((one) => one.trim())
        .filter((one) => one !== '')
        .flatMap((one) => {
          const freeze = parseFreeze(one);
          if (freeze !== null) return [freeze];
          context.addIssue({
            code: 'custom',
            message: `must be such as \`${example}\`, several divided by semicolons`,
          });
          return [];
        }),
    ),
});

function parseFreeze(text: string): SetFreeze | null {
  const [environment = '', first = '', last = '', ...note] = text.split(/\s+/);
  const [from, until] = [new Date(first), new Date(last)];
  const isNamed = environment === '*' || targetName.safeParse(environment).success;
  const isWhole = isNamed && from < until;
  return isWhole ? { environment, from, until, note: note.length === 0 ? null : note.join(' ') } : null;
}
