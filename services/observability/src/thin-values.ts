import { keptValues } from './judge/series.ts';

/** Of more values than are kept of a release itself, every so-manieth: the whole time stays represented. */
export function thinValues(values: readonly number[]): readonly number[] {
  const every = Math.max(1, Math.ceil(values.length / keptValues));
  return values.filter((_, index) => index % every === 0).map((value) => Number(value.toPrecision(7)));
}
