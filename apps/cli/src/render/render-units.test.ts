import { describe, expect, it } from '@jest/globals';
import { aShownRun, aUnit } from '../shown-run.fixture.ts';
import { plain } from './paint.ts';
import { renderUnits } from './render-units.ts';

describe('renderUnits', () => {
  it('keeps its columns whichever units are asked for and however they stand', () => {
    const units = { build: aUnit(), 'deploy/production/shop': aUnit() };
    const { run } = aShownRun({ units });
    const later = { ...run, units: { ...run.units, build: aUnit({ status: 'not_needed' }) } };
    const given = { now: new Date(0), paint: plain, only: new Set(['build']) };

    const [first = '', ...more] = renderUnits({ run, ...given });
    const [second = ''] = renderUnits({ run: later, ...given });

    expect(more).toEqual([]);
    expect(first.indexOf('success')).toBe('deploy/production/shop'.length + 2);
    expect(second.replace('not_needed', 'success   ')).toBe(first);
  });
});
