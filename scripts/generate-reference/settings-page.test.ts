import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readComments, renderSettingsPage } from './settings-page.ts';

const shape = z.object({
  SECRET: z.string().min(1).transform(Buffer.from),
  WHERE: z.url().optional(),
  MODE: z.enum(['soft', 'hard']).default('soft'),
  LOUD: z.stringbool().default(false),
  TRIES: z.coerce.number().int().default(3),
  NAMES: z
    .string()
    .default('')
    .transform((names) => names.split(',')),
  FOLDER: z.string().default(join(tmpdir(), 'things')),
});

describe('the page of settings', () => {
  it('says of each variable what it takes, and what it is by itself', () => {
    const comments = new Map([['MODE', 'How | how hard.']]);

    const page = renderSettingsPage([{ title: 'shop', text: 'Reads:', shape, comments }], 'made');

    expect(page.split('\n').filter((line) => line.startsWith('| `'))).toEqual([
      '| `SECRET` | text | required |  |',
      '| `WHERE` | address | none |  |',
      '| `MODE` | `soft`, `hard` | `soft` | How \\| how hard. |',
      '| `LOUD` | `true`, `false` | `false` |  |',
      '| `TRIES` | number | `3` |  |',
      '| `NAMES` | text | none |  |',
      "| `FOLDER` | text | the system's temporary folder, `things` in it |  |",
    ]);
  });

  it('reads what the source says above a key', () => {
    const text = `/** The schema. */\nconst a = z.object({\n  /**\n   * Of two\n   * lines.\n   */\n  ONE: z.url(),\n  TWO: z.url(),\n  /** Short. */\n  THREE: x,\n`;

    expect([...readComments(text)]).toEqual([
      ['ONE', 'Of two lines.'],
      ['THREE', 'Short.'],
    ]);
  });
});
