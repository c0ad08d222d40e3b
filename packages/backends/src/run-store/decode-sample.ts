import type { KeptSample } from '@orchestra/runtime';
import { minuteMs } from './samples.ts';

/** A sample from what a store keeps of it. @param json what `encodeSample` gave */
export function decodeSample(json: string, { target, minute }: { target: string; minute: number }): KeptSample {
  const kept = JSON.parse(json) as Pick<KeptSample, 'release' | 'values'>;
  return { target, at: new Date(minute * minuteMs).toISOString(), ...kept };
}
