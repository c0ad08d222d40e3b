import type { KeptSample, SampleQuery } from '@orchestra/runtime';
import { decodeSample } from '../../run-store/decode-sample.ts';
import { encodeSample, minuteOf, samplesKeptMs } from '../../run-store/samples.ts';
import { numberOf, textOf } from '../row.ts';
import type { Step } from './step.ts';

/** The first sample of a minute stands. */
export function keepSample({ db }: Step, sample: KeptSample): 'kept' | 'taken' {
  const values = [sample.target, minuteOf(sample.at), encodeSample(sample)];
  const written = db.run('INSERT OR IGNORE INTO samples (target, minute, sample) VALUES (?, ?, ?)', values);
  return written === 1 ? 'kept' : 'taken';
}

const within = 'SELECT minute, sample FROM samples WHERE target = ? AND minute BETWEEN ? AND ? ORDER BY minute';

export function readSamples({ db }: Step, { target, from, to }: SampleQuery): KeptSample[] {
  const rows = db.all(within, [target, minuteOf(from), minuteOf(to)]);
  return rows.map((row) => decodeSample(textOf(row, 'sample'), { target, minute: numberOf(row, 'minute') }));
}

// So many at most in one step, so that it stays short.
const mostDropped = 5_000;

const dropOldest = `DELETE FROM samples WHERE position IN (SELECT position FROM samples WHERE minute < ? LIMIT ${mostDropped})`;

/** Removes samples that are too old. @returns whether there may be more */
export function dropOldSamples({ db, now }: Step): boolean {
  const before = minuteOf(new Date(now - samplesKeptMs).toISOString());
  return db.run(dropOldest, [before]) === mostDropped;
}
