import { describe, expect, it } from '@jest/globals';
import { openMemoryRebuild } from '@orchestra/backends/sqlite';
import { replayService } from '@orchestra/cli';
import { foldEvents, isTerminal, serviceNames, type ServiceName } from '@orchestra/contracts';
import { createStandingClock, type Replayed } from '@orchestra/runtime';
import { historyCodec, listHistories, readHistory } from './history.ts';

const replays = new Map<string, Promise<Replayed[]>>();

/** What a service answers to a history. It is asked once: the same events have the same answers. */
function replayOnce(service: ServiceName, name: string): Promise<Replayed[]> {
  const key = `${service} ${name}`;
  const replayed = replays.get(key) ?? replay(service, name);
  replays.set(key, replayed);
  return replayed;
}

async function replay(service: ServiceName, name: string): Promise<Replayed[]> {
  const { events, artifacts } = await readHistory(name);
  return replayService(service, {
    events,
    artifacts,
    codec: historyCodec,
    chosen: () => true,
    openStore: (now) => openMemoryRebuild(createStandingClock(now)),
  });
}

describe.each(listHistories())('the recorded history %s', (name) => {
  it('is read whole by this version, and folds into runs that have ended', async () => {
    const { events, unreadable } = await readHistory(name);
    const runs = foldEvents(events);

    expect(unreadable).toBe(0);
    for (const { units } of runs) {
      expect(Object.values(units).filter(({ status }) => !isTerminal(status))).toEqual([]);
    }
  });

  it.each(serviceNames)(
    'is answered by %s as it was recorded',
    async (service) => {
      const replayed = await replayOnce(service, name);

      expect(replayed.filter(({ kind }) => kind === 'differs' || kind === 'refused')).toEqual([]);
    },
    60_000,
  );
});

describe('the recorded histories', () => {
  // What nobody is asked is answered by nobody: each of these is judged by some history.
  it.each<ServiceName>(['test', 'code-analysis', 'iac', 'deploy', 'rollback'])(
    'hold answers of %s that can be judged',
    async (service) => {
      const all = await Promise.all(listHistories().map((name) => replayOnce(service, name)));

      const judged = all.flat().filter(({ kind, recorded }) => kind === 'same' && recorded.length > 0);
      expect(judged.length).toBeGreaterThan(0);
    },
    60_000,
  );
});
