import { describe, expect, it } from '@jest/globals';
import { aShownRun, aUnit, noSlices } from '../shown-run.fixture.ts';
import { plain, type Paint } from './paint.ts';
import { renderRun } from './render-run.ts';

const now = new Date('2026-01-01T10:05:00.000Z');

function render(...change: Parameters<typeof aShownRun>): string {
  return renderRun({ shown: aShownRun(...change), now, paint: plain }).join('\n');
}

describe('renderRun', () => {
  it('begins with what the run is, how it went and how long it took', () => {
    expect(render().split('\n').slice(0, 3)).toEqual([
      'acme/shop#3  success: all_units_passed',
      'main aaaaaaaaaa, Greet faster, by ada',
      'run-1, began 5 min ago, took 1 min 05 s',
    ]);
  });

  it('shows the units in the order of the plan, with those that have not begun', () => {
    const planned = ['gitops', 'build', 'test'].map((unit) => ({
      unit,
      service: 'build' as const,
      after: [],
      gate: null,
      gateDeadlineMs: 1,
    }));
    const running = aUnit({ status: 'running', endedAt: null, startedAt: '2026-01-01T10:04:50.000Z' });

    const text = render({ plannedUnits: planned, units: { build: running, gitops: aUnit() }, endedAt: null });

    expect(text.split('\n').slice(-3)).toEqual([
      'gitops  success         1.50 s',
      'build   running         10.0 s',
      'test    queued',
    ]);
  });

  it('names the units that nobody attends to', () => {
    const text = 'build: nobody has picked this up for 40 s';
    const unattended = [{ unit: 'build', service: 'build', kind: 'not_taken', since: '', text } as const];

    expect(renderRun({ shown: { ...aShownRun(), unattended }, now, paint: plain })).toContain(text);
  });

  it('says a sentence of a unit in one line, or else its reason', () => {
    const text = render({
      units: {
        build: aUnit({ status: 'failure', reason: 'command_failed', message: 'two\nlines' }),
        test: aUnit({ status: 'skipped', reason: 'build_not_good', startedAt: null }),
      },
    });

    expect(text).toMatch(/^build +failure +1\.50 s +two lines$/m);
    expect(text).toMatch(/^test +skipped +build_not_good$/m);
  });

  it('says what a person can do about a unit that asks for one', () => {
    const unit = aUnit({ status: 'unknown', reason: 'target_blocked', message: 'No answer' });

    const text = render({ units: { 'deploy/production/shop': unit, build: aUnit() } });

    expect(text).toContain('deploy/production/shop: After a look: orchestra resolve acme/shop production shop');
  });

  it('says notes, retries and how far the run may go', () => {
    const text = render({ notes: ['unsandboxed'], generation: 2, environmentLimit: 'staging' });

    expect(text).toContain('note: unsandboxed');
    expect(text).toContain('generation 2: it was retried');
    expect(text).toContain('goes no further than staging');
  });

  it('shows a proposal in place of a plan that there is not', () => {
    const nothing = { toAdd: 0, toChange: 0, toDestroy: 0, destroys: [], outputs: {}, planDigest: null };
    const said = { generation: 1, state: 'made' as const, reason: 'proposed', message: null, sizeBytes: 9 };
    const proposal = { ...said, digest: 'sha256:d', files: ['infra/main.tf'] };
    const production = { ...nothing, tool: null, phase: 'planned' as const, generation: 1, proposal };

    const text = render({ slices: { ...noSlices, iac: { production } } });

    expect(text).toContain(
      'A proposal for people, by a language model, for the infrastructure of production: infra/main.tf',
    );
    expect(text).toContain('orchestra proposal run-1 --environment production');
    expect(text).not.toContain('to add');
  });

  it('says nothing of services that had nothing to do', () => {
    const text = render({
      slices: {
        ...noSlices,
        build: { result: { tool: 'none', artifacts: [], durationMs: 0 } },
        'code-analysis': { source: { tools: [], findings: [], allFindings: 0, newFindings: 0 } },
        test: { report: { ...aReport, framework: 'none' } },
      },
    });

    expect(text).toMatch(/^build +success +1\.50 s$/m);
    expect(text.split('\n').at(-1)).toMatch(/^build /);
  });

  it('colours what a terminal shows, beside the columns', () => {
    const text = renderRun({ shown: aShownRun({ units: { build: aUnit({ status: 'error' }) } }), now, paint }).join(
      '\n',
    );

    expect(text).toContain('<bold>acme/shop#3</>  <red>error</>');
    expect(text).toMatch(/^build {2}<red>error<\/> {11}1\.50 s$/m);
  });
});

const paint: Paint = (colour, text) => `<${colour}>${text}</>`;

const aReport = {
  framework: 'jest',
  passed: 0,
  failed: 0,
  skipped: 0,
  flaky: 0,
  lineCoveragePercent: null,
  failures: [],
  durationMs: 1,
};
