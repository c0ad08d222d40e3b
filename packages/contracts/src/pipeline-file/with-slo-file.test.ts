import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';
import { sloFileOf, withSloFile } from './with-slo-file.ts';

const deployment = { services: [{ name: 'web', command: 'node main.js', port: 80 }] };

function parse(observability: object, more: object = { deployment }) {
  return parsePipelineFile(JSON.stringify({ project: { name: 'shop' }, observability, ...more }));
}

const slo = "objectives: [{sli: latency_ms, pass: [{criteria: ['<300']}], weight: 2}]\ntotal_score: {pass: '80%'}";

describe('sloFileOf', () => {
  it.each([
    { what: 'nothing is written', observability: {}, expected: 'slo.yaml' },
    { what: 'a path is written', observability: { slo_file: 'quality/slo.yaml' }, expected: 'quality/slo.yaml' },
    { what: 'none is wanted', observability: { slo_file: false }, expected: null },
    { what: 'objectives are written', observability: { objectives: [{ sli: 'latency_ms' }] }, expected: null },
  ])('is $expected where $what', ({ observability, expected }) => {
    expect(sloFileOf(parse(observability))).toBe(expected);
  });

  it('is none where nothing is deployed', () => {
    expect(sloFileOf(parse({}, {}))).toBeNull();
  });
});

describe('withSloFile', () => {
  it('gives the plan the objectives of the file', () => {
    const parsed = withSloFile(parse({}), slo);

    expect(parsed.ok && parsed.plan.observability.judgement).toMatchObject({
      objectives: { objectives: [{ metric: 'latency_ms', weight: 2 }], passPercent: 80, warningPercent: 75 },
    });
    expect(sloFileOf(parsed)).toBeNull();
  });

  it('leaves the plan as it is where there is no file and none was named', () => {
    const parsed = withSloFile(parse({}), null);

    expect(parsed.ok && parsed.plan.observability.judgement?.objectives).toBeNull();
    expect(sloFileOf(parsed)).toBeNull();
  });

  it.each([
    { what: 'a file that is named and is not there', text: null, problem: 'slo.yaml: There is no such file' },
    { what: 'a file without objectives', text: 'spec_version: 1', problem: 'slo.yaml: objectives' },
    {
      what: 'a metric that nobody measures',
      text: 'objectives: [{sli: latency}]',
      problem: 'did you mean `latency_ms`?',
    },
  ])('refuses $what', ({ text, problem }) => {
    const parsed = withSloFile(parse({ slo_file: 'slo.yaml' }), text);

    expect(parsed.ok ? [] : parsed.problems).toMatchObject([
      { path: 'observability.slo_file', message: expect.stringContaining(problem) },
    ]);
  });

  it('takes a metric that the file asks the metrics server for, or counts in the output', () => {
    const prometheus = { queries: [{ name: 'orders', query: 'q' }] };
    const patterns = [{ name: 'panics', pattern: 'panic' }];

    const parsed = withSloFile(
      parse({ prometheus, log_patterns: patterns }),
      'objectives: [{sli: orders}, {sli: panics}]',
    );

    expect(parsed.ok).toBe(true);
  });
});
