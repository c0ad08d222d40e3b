import type { KeptSample, RunStore } from '@orchestra/runtime';
import { decodeSample } from '../run-store/decode-sample.ts';
import { encodeSample, minuteMs, minuteOf, samplesKeptMs } from '../run-store/samples.ts';
import { decodeList, decodeText, decodeWord } from './decode-reply.ts';
import type { ScriptCaller } from './script-caller.ts';

const minutesOfDay = 1440;

/** Samples that outlive their watches: a hash for each target and day, with a field for each minute. */
export function createSampleSteps({ call }: ScriptCaller): Pick<RunStore, 'keepSample' | 'readSamples'> {
  async function readDay(target: string, { day, minutes }: Day): Promise<KeptSample[]> {
    const asked = { command: 'HMGET', key: `samples:${target} ${day}`, rest: minutes.map(String) };
    const found = decodeList(await call('plainCommand', asked));
    return minutes.flatMap((minute, index): KeptSample[] => {
      const json = found[index] ?? null;
      if (json === null) return [];
      return [decodeSample(decodeText(json), { target, minute: day * minutesOfDay + minute })];
    });
  }

  return {
    async keepSample(sample) {
      const { target } = sample;
      const [day, minute] = placeOf(minuteOf(sample.at));
      const named = { target, day: String(day), minute: String(minute), keptMs: String(samplesKeptMs) };
      return decodeWord(await call('keepSample', { ...named, sample: encodeSample(sample) }), ['kept', 'taken']);
    },
    async readSamples({ target, from, to }) {
      const days = daysOf(minuteOf(from), minuteOf(to));
      return (await Promise.all(days.map(async (day) => readDay(target, day)))).flat();
    },
  };
}

interface Day {
  /** Since 1970. */
  day: number;
  /** Of the day. */
  minutes: readonly number[];
}

function placeOf(minute: number): readonly [day: number, minute: number] {
  const day = Math.floor(minute / minutesOfDay);
  return [day, minute - day * minutesOfDay];
}

// What is older has expired: a question about all time asks for a few days.
function daysOf(from: number, to: number): Day[] {
  const [first, firstMinute] = placeOf(Math.max(from, to - mostMinutes));
  const [last, lastMinute] = placeOf(to);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_none, index) => {
    const begin = index === 0 ? firstMinute : 0;
    const end = first + index === last ? lastMinute : minutesOfDay - 1;
    return {
      day: first + index,
      minutes: Array.from({ length: Math.max(0, end - begin + 1) }, (_minute, at) => begin + at),
    };
  });
}

const mostMinutes = samplesKeptMs / minuteMs + minutesOfDay;
