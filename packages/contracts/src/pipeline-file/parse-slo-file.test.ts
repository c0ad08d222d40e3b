import { describe, expect, it } from '@jest/globals';
import { parseSloFile } from './parse-slo-file.ts';

const example = `---
spec_version: "1.0"
comparison:
  aggregate_function: "avg"
  compare_with: "single_result"
  include_result_with_score: "pass"
  number_of_comparison_results: 1
filter:
objectives:
  - sli: "response_time_p95"
    displayName: "Response time P95"
    key_sli: false
    pass:
      - criteria:
          - "<=+10%"
          - "<600"
    warning:
      - criteria:
          - "<=800"
    weight: 2
  - sli: "throughput"
total_score:
  pass: "90%"
  warning: "75%"
`;

describe('parseSloFile', () => {
  it('reads the example of the specification', () => {
    expect(parseSloFile(example)).toEqual({
      ok: true,
      objectives: {
        objectives: [
          {
            metric: 'response_time_p95',
            pass: [
              [
                { operator: '<=', value: 10, relative: 'percent' },
                { operator: '<', value: 600, relative: null },
              ],
            ],
            warning: [[{ operator: '<=', value: 800, relative: null }]],
            weight: 2,
            key: false,
          },
          { metric: 'throughput', pass: [], warning: [], weight: 1, key: false },
        ],
        passPercent: 90,
        warningPercent: 75,
      },
    });
  });

  it('has the score bands of Keptn where the file names none', () => {
    expect(parseSloFile('objectives: [{sli: a}]')).toMatchObject({
      objectives: { passPercent: 90, warningPercent: 75 },
    });
  });

  it.each([
    ['no objectives', 'objectives: []', 'objectives: must have at least one objective'],
    ['a condition that is none', 'objectives: [{sli: a, pass: [{criteria: ["600"]}]}]', 'condition such as'],
    ['an unknown key', 'objectives: [{sli: a, wieght: 3}]', 'wieght'],
    ['no map', 'hello', 'file:'],
    ['no YAML', 'a: [', 'file:'],
    ['an alias', 'a: &a [1]\nobjectives: *a', 'file:'],
    ['a file that is too long', `# ${'x'.repeat(70_000)}`, '64 KiB'],
  ])('says what is wrong with %s', (_what, text, message) => {
    const parsed = parseSloFile(text);

    expect(parsed).toMatchObject({ ok: false });
    expect('problems' in parsed ? parsed.problems.join() : '').toContain(message);
  });
});
