import { describe, expect, it } from '@jest/globals';
import { renderSummary } from './render-summary.ts';

describe('renderSummary', () => {
  it('says how many passed and failed', () => {
    expect(renderSummary({ passed: 12, failed: 1 }, null)).toBe('12 passed, 1 failed');
  });

  it('says that there were no real pods, and why', () => {
    const line = renderSummary({ passed: 12, failed: 0 }, 'it takes root');

    expect(line).toBe('12 passed, 0 failed; pods: not possible here: it takes root');
  });
});
