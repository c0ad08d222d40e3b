import { describe, expect, it } from '@jest/globals';
import { parseCriterion } from './criterion.ts';

describe('parseCriterion', () => {
  it.each([
    ['<600', { operator: '<', value: 600, relative: null }],
    ['<= 0.05', { operator: '<=', value: 0.05, relative: null }],
    ['<=+10%', { operator: '<=', value: 10, relative: 'percent' }],
    ['>=-5', { operator: '>=', value: -5, relative: 'amount' }],
    ['=0', { operator: '=', value: 0, relative: null }],
    ['> 99 %', { operator: '>', value: 99, relative: 'percent' }],
  ])('reads %s', (text, criterion) => {
    expect(parseCriterion(text)).toEqual(criterion);
  });

  it.each(['', '600', '<', '!=3', '<1e3', '<NaN', '<600; >3', '<--5', `<${'9'.repeat(20)}`])('refuses %j', (text) => {
    expect(parseCriterion(text)).toBeNull();
  });
});
