import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const variable = /^\| `([A-Z][A-Z0-9_]*)` \|/gm;
// The page is made from the schemas of the settings, and checked against them.
const [, ...sections] = readFileSync(join(root, 'docs/reference/settings.md'), 'utf8').split(/^## /m);
const services = sections
  .map((section) => ({ name: /^[a-z-]+$/m.exec(section)?.[0] ?? '', section }))
  .filter(({ section }) => section.includes(`services/`));

describe('the README of a service', () => {
  it.each(services)('names every setting of $name', ({ name, section }) => {
    const settings = [...section.matchAll(variable)].map(([, setting = '']) => setting);
    const readme = readFileSync(join(root, 'services', name, 'README.md'), 'utf8');
    // `SANDBOX_*` stands for all that begin so.
    const named = [...readme.matchAll(/`([A-Z][A-Z0-9_]*)(\*?)`/g)];

    const missing = settings.filter(
      (setting) => !named.some(([, text = '', star]) => (star === '*' ? setting.startsWith(text) : setting === text)),
    );

    expect(missing).toEqual([]);
  });
});
