import { describe, expect, it } from '@jest/globals';
import type { ChangedFile } from '@orchestra/contracts';
import { decidePreflight, type PreflightFacts } from './decide-preflight.ts';

const facts: PreflightFacts = {
  to: 'r1',
  kept: 'there',
  wayBack: { kind: 'open' },
  changed: [{ path: 'src/shop.ts', addedLines: 5, deletedLines: 4 }],
  isConfigurationLabelled: false,
  rollbacks: 0,
};
const migration = { kind: 'closed', reason: 'schema_migration', paths: ['db/migrate/1.rb'] } as const;

function filesOf(folder: string, count: number, addedLines = 1): ChangedFile[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `${folder}/${index}.toml`,
    addedLines,
    deletedLines: 0,
  }));
}

describe('decidePreflight', () => {
  it('says what a rollback would bring back, and how the score came about', () => {
    expect(decidePreflight(facts)).toEqual({
      eligible: true,
      reason: 'can_go_back',
      to: 'r1',
      risk: 5,
      terms: [{ term: 'changed_lines', points: 5 }],
      configuration: [],
    });
  });

  it.each([
    { reason: 'nothing_healthy_before', given: { to: null } },
    { reason: 'artifact_gone', given: { kept: 'gone' } },
    { reason: 'schema_migration', given: { wayBack: migration } },
    { reason: 'marked_unsafe', given: { wayBack: { ...migration, reason: 'marked_unsafe', paths: [] } } },
  ] as const)('says while it is still time that there is no way back: $reason', ({ reason, given }) => {
    const preflight = decidePreflight({ ...facts, ...given });

    expect(preflight).toMatchObject({ eligible: false, reason });
    expect(preflight.terms).toContainEqual({ term: 'no_way_back', points: 30 });
  });

  it.each([
    { term: 'no_way_back', points: 30, given: { to: null } },
    { term: 'schema_migration', points: 20, given: { wayBack: migration } },
    { term: 'configuration_changed', points: 15, given: { changed: filesOf('config', 4) } },
    { term: 'changed_lines', points: 20, given: { changed: filesOf('src', 1, 1_000_000) } },
    { term: 'unknown_image', points: 10, given: { kept: 'unknown' as const } },
    { term: 'unknown_changes', points: 10, given: { changed: null } },
    { term: 'recent_rollbacks', points: 10, given: { rollbacks: 1 } },
    { term: 'recent_rollbacks', points: 20, given: { rollbacks: 3 } },
  ])('counts $term with $points points', ({ term, points, given }) => {
    expect(decidePreflight({ ...facts, ...given }).terms).toContainEqual({ term, points });
  });

  it('says that nobody knows whether the image is there, which closes nothing', () => {
    const preflight = decidePreflight({ ...facts, kept: 'unknown' });

    expect(preflight).toMatchObject({ eligible: true, reason: 'can_go_back', risk: 15 });
    expect(preflight.terms).toContainEqual({ term: 'unknown_image', points: 10 });
  });

  it('counts a change of configuration that the commit tells of, once with its files', () => {
    const labelled = { ...facts, isConfigurationLabelled: true };
    const changed = [{ path: 'config/shop.toml', addedLines: 5, deletedLines: 4 }];
    const term = { term: 'configuration_changed', points: 5 };

    expect(decidePreflight(labelled).terms).toContainEqual(term);
    expect(decidePreflight({ ...labelled, changed }).terms).toContainEqual(term);
  });

  it('never gives more than 100, and its score is the sum of its terms', () => {
    const changed = filesOf('config', 50, 90_000);

    const { risk, terms } = decidePreflight({ ...facts, wayBack: migration, changed, rollbacks: 9 });

    expect(risk).toBe(100);
    expect(terms.reduce((sum, { points }) => sum + points, 0)).toBeGreaterThanOrEqual(risk);
  });
});
