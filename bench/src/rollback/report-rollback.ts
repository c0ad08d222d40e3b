import type { Report, Target } from '../benchmark.ts';
import { median, medianRatio, percentile } from '../statistics.ts';
import type { TakenBack } from './bad-release.ts';
import { usualTiming } from './usual-monitoring.ts';

/** Turn by turn: our own watch, the same with rollback killed, and monitoring from outside. */
export interface Detection {
  watched: readonly TakenBack[];
  killed: readonly TakenBack[];
  alerted: readonly TakenBack[];
}

/** Milliseconds of one turn. */
export interface PatchTurn {
  patchedMs: readonly number[];
  readyMs: readonly number[];
}

export interface Patches {
  /** Milliseconds of the first alerts after both processes began; not among the others. */
  first: readonly number[];
  alerts: readonly PatchTurn[];
  undos: readonly PatchTurn[];
}

const budget = { patchMs: 1_000, servedSeconds: 20, killedSeconds: 30 };

export function describeDetection(one: TakenBack): string {
  const { fromSampleMs, fromErrorMs, detectMs, actMs, errors, meddledBeforeMs } = one;
  const times = `${seconds(fromErrorMs)} from the first error (detect ${seconds(detectMs)}, act ${seconds(actMs)})`;
  const killed = meddledBeforeMs === null ? '' : `, killed ${seconds(meddledBeforeMs)} before the alert`;
  return `${times}, ${seconds(fromSampleMs)} from the first bad sample, ${errors} errors${killed}`;
}

export function describePatches({ patchedMs, readyMs }: PatchTurn): string {
  return `patched p50 ${median(patchedMs).toFixed(0)} ms, ready p50 ${median(readyMs).toFixed(0)} ms`;
}

export function reportOf(detection: Detection, patches: Patches): Report {
  return {
    figures: [...detectionFigures(detection), ...patchFigures(patches)],
    targets: targetsOf(detection, patches),
    rounds: { detection, patches, usualTiming },
    versions: { 'Prometheus and Alertmanager': `scrape and evaluation ${usualTiming.every}, for ${usualTiming.for}` },
  };
}

function detectionFigures({ watched, killed, alerted }: Detection): (readonly [string, string])[] {
  const outside = errorTimesOf(alerted);
  const ratio = (turns: readonly TakenBack[]): string => medianRatio(errorTimesOf(turns), outside).toFixed(2);
  return [
    ['from first to last error of a user', seconds(median(errorTimesOf(watched)))],
    ['with rollback killed', seconds(median(errorTimesOf(killed)))],
    ['by Prometheus and Alertmanager', seconds(median(outside))],
    ['ratios', `${ratio(watched)} and ${ratio(killed)}`],
  ];
}

function errorTimesOf(turns: readonly TakenBack[]): number[] {
  return turns.map(({ fromErrorMs }) => fromErrorMs);
}

function patchFigures({ first, alerts, undos }: Patches): (readonly [string, string])[] {
  const ratio = (key: keyof PatchTurn): string => medianRatio(middlesOf(alerts, key), middlesOf(undos, key)).toFixed(2);
  const count = alerts.flatMap(({ patchedMs }) => patchedMs).length;
  return [
    [`alert to patched cluster p50 of ${count}`, `${median(middlesOf(alerts, 'patchedMs')).toFixed(0)} ms`],
    ['the slowest of the first after a start', `${Math.max(...first).toFixed(0)} ms`],
    ['kubectl rollout undo patched p50', `${median(middlesOf(undos, 'patchedMs')).toFixed(0)} ms`],
    ['and its pods ready p50', `${median(middlesOf(undos, 'readyMs')).toFixed(0)} ms`],
    ['ratios', `${ratio('patchedMs')} and ${ratio('readyMs')}`],
  ];
}

function middlesOf(turns: readonly PatchTurn[], key: keyof PatchTurn): number[] {
  return turns.map((turn) => median(turn[key]));
}

function targetsOf({ watched, killed }: Detection, { alerts }: Patches): Target[] {
  const patched = alerts.flatMap(({ patchedMs }) => patchedMs);
  return [
    { what: 'alert to patch p99 ms', value: percentile(patched, 0.99), limit: budget.patchMs, keeps: 'at_most' },
    {
      what: 'worst s from first bad sample to served again',
      value: slowestSeconds(watched),
      limit: budget.servedSeconds,
      keeps: 'at_most',
    },
    { what: 'the same, rollback killed', value: slowestSeconds(killed), limit: budget.killedSeconds, keeps: 'at_most' },
  ];
}

function slowestSeconds(turns: readonly TakenBack[]): number {
  return Math.max(...turns.map(({ fromSampleMs }) => fromSampleMs)) / 1000;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
