import { describe, expect, it } from '@jest/globals';
import { judgeWayBack } from './judge-way-back.ts';

const files = (...paths: string[]) => {
  return [{ changed: paths.map((path) => ({ path, addedLines: 1, deletedLines: 0 })), message: null }];
};

describe('judgeWayBack', () => {
  it.each([
    'db/migrate/20260101_add_price.rb',
    'shop/migrations/0002_price.py',
    'prisma/migrations/20260101120000_price/migration.sql',
    'src/main/resources/db/migration/V2__price.sql',
    'alembic/versions/ab12_price.py',
    'sql/20260101-price.sql',
  ])('is closed by a changed schema migration: %s', (path) => {
    expect(judgeWayBack({}, files('src/shop.ts', path))).toEqual({
      kind: 'closed',
      reason: 'schema_migration',
      paths: [path],
    });
  });

  it.each([
    'src/migrate-users.ts',
    'docs/migrations.md',
    'docs/migrations/readme.md',
    'src/emigration/form.ts',
    'queries/report.sql',
  ])('is open with %s', (path) => {
    expect(judgeWayBack({}, files(path))).toEqual({ kind: 'open' });
  });

  it('is what the pipeline file says, where it says something', () => {
    expect(judgeWayBack({ safe: true }, files('db/migrate/1_a.rb'))).toEqual({ kind: 'open' });
    expect(judgeWayBack({ safe: false }, files())).toMatchObject({ kind: 'closed', reason: 'marked_unsafe' });
  });

  it('is closed by a commit that says that it holds a migration, unless the pipeline file says that it is safe', () => {
    const labelled = [{ changed: [], message: 'Prices\n\nSchema-Migration: yes' }];

    expect(judgeWayBack({}, labelled)).toEqual({ kind: 'closed', reason: 'schema_migration', paths: [] });
    expect(judgeWayBack({ safe: true }, labelled)).toEqual({ kind: 'open' });
  });

  it('is closed by any of those that are gone back over, also behind one of which nothing is known', () => {
    const unknown = { changed: null, message: null };
    const brought = [...files('src/shop.ts'), unknown, ...files('db/migrate/1_a.rb'), ...files('db/migrate/1_a.rb')];

    expect(judgeWayBack({}, brought)).toMatchObject({ reason: 'schema_migration', paths: ['db/migrate/1_a.rb'] });
  });

  it('is open where nobody knows what changed', () => {
    expect(judgeWayBack({}, [{ changed: null, message: null }])).toEqual({ kind: 'open' });
  });
});
