import { describe, expect, it } from '@jest/globals';
import { planUnits } from '../units.ts';
import { explainPlan, type PlanLine } from './explain-plan.ts';
import { parsePipelineFile } from './parse-pipeline-file.ts';
import { renderExplanation } from './render-explanation.ts';

function linesOf(text: string): PlanLine[] {
  const parsed = parsePipelineFile(text);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return explainPlan(parsed.plan);
}

function sayOf(text: string, unit: string): string {
  return linesOf(text).find((line) => (line.unit ?? line.service) === unit)?.does ?? '';
}

const shop = `
project: {name: Shop}
build: {tool: docker}
licenses: {deny: [AGPL-3.0-only]}
infrastructure: {tool: opentofu, path: infra}
deployment:
  environments: [staging, production]
  strategy: canary
  services: [{name: shop, command: node server.js, port: 8080, replicas: 2}]
chatops: {channel: '#ops', notify_on: [failure]}
`;

describe('explainPlan', () => {
  it('has a line for every unit that is planned, and for the two services without one', () => {
    const parsed = parsePipelineFile(shop);
    const planned = parsed.ok ? planUnits({ plan: parsed.plan, environmentLimit: null }) : [];

    const lines = linesOf(shop);

    expect(lines.map(({ unit, service }) => unit ?? service)).toEqual([
      ...planned.map(({ unit }) => unit),
      'rollback',
      'chatops',
    ]);
  });

  it.each([
    ['gitops', 'runs pushes to main, master; refuses licences AGPL-3.0-only; ends the run after 4 h'],
    ['build', 'builds image shop from Dockerfile with docker; at most 30 min, 3 attempts'],
    ['iac/staging', 'plans and applies infra for staging with opentofu; asks a person before it destroys, for 1 d'],
    [
      'deploy/production/shop',
      'moves traffic (canary: 10 %, 50 %, 100 %) to 2 processes of node server.js on port 8080',
    ],
    [
      'deploy/staging/shop',
      'moves traffic (canary: 10 %, 50 %, 100 %) to 2 processes of node server.js on any free port',
    ],
    ['chatops', 'tells slack in #ops of failure'],
  ])('says of %s what it does', (unit, does) => {
    expect(sayOf(shop, unit)).toBe(does);
  });

  it.each([
    ['{policy: {deny_types: [aws_iam_*], max_changes: 5}}', 'refuses to touch aws_iam_*; refuses more than 5 changes'],
    ['{policy: {deny_destroy: true}}', 'terraform or opentofu, whichever is installed; refuses to destroy'],
    ['{approval: changes, approvers: [ada, grace]}', 'asks ada or grace before it changes anything, for 1 d'],
    ['{drift_check_seconds: 600}', 'looks for drift every 10 min'],
    ['{proposal: true}', 'asks a language model for a patch for people, which is never applied'],
    ['{proposal: true}', 'proposes nothing unless iac has OPENAI_API_KEY and OPENAI_MODEL'],
  ])('says of infrastructure: %s what it may do', (section, does) => {
    const text = shop.replace(/infrastructure: .*/, `infrastructure: ${section}`);

    expect(sayOf(text, 'iac/production')).toContain(does);
  });

  it('says what is watched, and what counts as unhealthy', () => {
    const text = `${shop}observability: {thresholds: {latency_ms: 250, memory_mib: 64}, interval_seconds: 0.5}`;

    expect(sayOf(text, 'observe/staging/shop')).toBe(
      'watches each step for 1 min and the release for 30 min, every 500 ms; ' +
        'unhealthy: errors above 5 % or p95 latency above 250 ms or memory above 64 MiB, 3 times in a row; if unclear: abort',
    );
  });

  it.each([
    ['build', 'build: {enabled: false}', 'nothing: switched off'],
    ['build', 'build: {command: "make\\n make install", context: app}', 'runs make; make install; in app; archives .'],
    ['code_analysis/source', 'code_analysis: {tools: []}', 'nothing: no tools for this language'],
    [
      'code_analysis/artifact',
      'code_analysis: {artifact_scan: {command: [scan, "a b"]}}',
      'scans the artifact with scan "a b"',
    ],
    ['test', 'testing: {command: make test, retry_failed: 2}', 'tests (make test); repeats failed tests 2 times'],
    ['rollback', '', 'nothing: no deployment'],
    ['chatops', '', 'shows the run on its page; sends no messages'],
  ])('says of %s with %j: %s', (unit, text, does) => {
    expect(sayOf(`project: {name: x}\n${text}`, unit)).toContain(does);
  });
});

describe('renderExplanation', () => {
  it('aligns what services do, and names what each waits for', () => {
    const rows = renderExplanation(linesOf('project: {name: x}')).split('\n');

    expect(rows[1]).toMatch(/^build {19}builds with npm; .* \(after gitops\)$/);
  });
});
