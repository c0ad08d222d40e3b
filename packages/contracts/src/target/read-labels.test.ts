import { describe, expect, it } from '@jest/globals';
import { readLabels } from './read-labels.ts';

describe('readLabels', () => {
  it.each([
    { message: 'Sell more\n\nSchema-Migration: yes\n', schemaMigration: true, configurationChange: false },
    { message: 'a\n\nconfig-change:YES\r\nSigned-off-by: ada', schemaMigration: false, configurationChange: true },
    { message: 'Schema-Migration: no', schemaMigration: false, configurationChange: false },
    { message: 'says that Schema-Migration: yes is written', schemaMigration: false, configurationChange: false },
    { message: null, schemaMigration: false, configurationChange: false },
  ])('reads them from $message', ({ message, ...labels }) => {
    expect(readLabels(message)).toEqual(labels);
  });
});
