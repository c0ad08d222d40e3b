import type { EventBus, IncomingRecord, Intake, Subscription } from '@orchestra/runtime';
import { eventually } from '../../eventually.ts';

/** A subscription that remembers what it was given. */
export interface Reader extends Subscription {
  records: readonly IncomingRecord[];
  /** The values of the records that were answered `done`, as text. */
  values(): string[];
  /** Waits until the values hold all of these, in any order and number. */
  sees(values: readonly string[]): Promise<void>;
}

interface Reading {
  bus: EventBus;
  group: string;
  topics: readonly string[];
  restMs?: number;
  /** The answer to a record; `done` when not given. */
  answer?(record: IncomingRecord): Promise<Intake>;
}

/** Subscribes, waits until the group is joined, and collects. */
export async function read({
  bus,
  group,
  topics,
  restMs = 100,
  answer = async () => 'done',
}: Reading): Promise<Reader> {
  const records: IncomingRecord[] = [];
  const done: string[] = [];
  const subscription = await bus.subscribe({
    group,
    topics,
    restMs,
    onRecord: async (record) => {
      records.push(record);
      const intake = await answer(record);
      if (intake === 'done') done.push(textOf(record));
      return intake;
    },
  });
  await subscription.joined();

  return {
    ...subscription,
    records,
    values: () => [...done],
    sees: async (values) => {
      await eventually({ see: () => [...done], until: (seen) => values.every((value) => seen.includes(value)) });
    },
  };
}

/** The value of a record as text. */
export function textOf({ value }: IncomingRecord): string {
  return value === null ? '' : value.toString();
}

/** A handler that is never ready. */
export async function refuse(): Promise<Intake> {
  return 'later';
}
