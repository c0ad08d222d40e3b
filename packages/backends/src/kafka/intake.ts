import type { Intake, Subscribe } from '@orchestra/runtime';
import type { EachBatchHandler, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { toRecord } from './to-record.ts';

/** Gives the records of batches to a handler, and keeps partitions still that have to wait. */
export interface BatchIntake {
  eachBatch: EachBatchHandler;
  /** While true, partitions are held as soon as a record of them comes. */
  pause(paused: boolean): void;
  /** Forgets the timers of resting partitions. */
  stop(): void;
}

interface IntakeOptions extends Pick<Subscribe, 'onRecord' | 'restMs'> {
  heartbeatMs: number;
}

/**
 * Creates the handler of batches. A record counts as consumed when the handler said `done`; after `later` its
 * partition is paused without resolving it, and the same record comes again when the timer resumes the partition.
 */
export function createBatchIntake({ onRecord, restMs, heartbeatMs }: IntakeOptions): BatchIntake {
  const timers = new Set<NodeJS.Timeout>();
  const held = new Set<() => void>();
  let paused = false;

  function rest(resume: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      resume();
    }, restMs);
    timers.add(timer);
  }

  async function take(payload: EachBatchPayload, message: KafkaMessage): Promise<boolean> {
    if (paused) {
      held.add(payload.pause());
      return false;
    }
    const record = toRecord(payload.batch.topic, payload.batch.partition, message);
    const intake = await beatWhile(payload, { heartbeatMs, work: async () => onRecord(record) });
    if (intake === 'done') return true;

    rest(payload.pause());
    return false;
  }

  return {
    eachBatch: async (payload) => {
      for (const message of payload.batch.messages) {
        // Stopped, or the partition went to another member: what was not resolved comes again.
        if (!payload.isRunning() || payload.isStale()) return;
        if (!(await take(payload, message))) return;

        payload.resolveOffset(message.offset);
        await payload.heartbeat();
        await payload.commitOffsetsIfNecessary();
      }
    },
    pause: (value) => {
      paused = value;
      if (paused) return;
      for (const resume of held) resume();
      held.clear();
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

interface Beating {
  heartbeatMs: number;
  work(): Promise<Intake>;
}

// A handler that waits for a slow store or registry must not cost the membership: the record would come again for ever.
async function beatWhile(payload: EachBatchPayload, { heartbeatMs, work }: Beating): Promise<Intake> {
  // A failed beat is not lost: the one behind the record meets the same error, and there the client deals with it.
  const timer = setInterval(() => void payload.heartbeat().catch(() => undefined), heartbeatMs);
  try {
    return await work();
  } catch {
    return 'later';
  } finally {
    clearInterval(timer);
  }
}
