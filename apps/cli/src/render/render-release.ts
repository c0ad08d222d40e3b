import {
  oneLine,
  describeJudgement,
  renderDrift,
  type Check,
  type RollbackSlice,
  type RolloutSlice,
  type WatchSlice,
} from '@orchestra/contracts';
import type { Paint } from './paint.ts';

/** How far a release has come in a target. */
export function renderRollout(target: string, slice: RolloutSlice): string {
  const { release, strategy, state, step, steps, weightPercent, url, replicas, waitsFor } = slice;
  const parts = [
    `${strategy} ${state}`,
    ...(steps === 0 ? [] : [`step ${step} of ${steps}`]),
    `${weightPercent} % of the traffic`,
    ...(waitsFor === null ? [] : [`waits for ${waitsFor}`]),
    ...(replicas === undefined ? [] : [`${replicas.ready} of ${replicas.wanted} replicas ready`]),
    ...(url === null ? [] : [url]),
  ];
  if (release === null && state === 'skipped') return `nothing was released to ${target}`;
  return `release ${release ?? '(none)'} in ${target}: ${parts.join(', ')}`;
}

/** What somebody else has changed of a release in the cluster. */
export function renderChanges(target: string, { drift }: RolloutSlice): string[] {
  return drift === undefined ? [] : renderDrift(drift).map((line) => `changed in ${target}: ${oneLine(line)}`);
}

/** What was measured of a release, beside its thresholds, and what was judged beyond them. */
export function renderWatch(target: string, slice: WatchSlice, paint: Paint): string[] {
  const { verdict, samples, step, checks, reason, judgement } = slice;
  if (samples === 0 && step === 0) return reason === null ? [] : [`${target} was not watched: ${oneLine(reason)}`];
  return [
    `watch of ${target}: ${verdict} at step ${step}, ${samples} samples${reason === null ? '' : `: ${oneLine(reason)}`}`,
    ...checks.map((check) => renderCheck(check, paint)),
    ...describeJudgement(judgement).map((line) => `  ${oneLine(line)}`),
  ];
}

/** What was taken back, and what was compared before. */
export function renderRollback(target: string, slice: RollbackSlice, paint: Paint): string[] {
  const { decision, reason, fromRelease, toRelease, outcome, compared } = slice;
  const move = decision === 'restore' ? `from ${fromRelease ?? '?'} to ${toRelease ?? '?'}, ${outcome}` : outcome;
  return [
    `rollback of ${target}: ${decision}, ${move}: ${oneLine(reason)}`,
    ...compared.map((check) => renderCheck(check, paint)),
  ];
}

function renderCheck({ metric, value, threshold, baseline, verdict }: Check, paint: Paint): string {
  const word = verdict.toLowerCase();
  const shown = verdict === 'BREACH' ? paint('red', word) : word;
  const before = baseline === null ? '' : `, before ${round(baseline)}`;
  return `  ${metric}  ${shown}  ${value === null ? 'no data' : round(value)}, threshold ${round(threshold)}${before}`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}
