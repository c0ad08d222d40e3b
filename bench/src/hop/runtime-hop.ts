import { createMeter, runService } from '@orchestra/runtime';
import { emptyStageCard } from './empty-stage.ts';
import { benchLog, openBackends } from './open-backends.ts';
import type { Place } from './place.ts';

/** Ours: one service on the real runtime with its default periods. Returns what stops it. */
export async function startRuntimeHop(place: Place): Promise<() => Promise<void>> {
  const backends = await openBackends(place);
  const service = emptyStageCard();
  const running = await runService({ service, backends, meter: createMeter(), log: benchLog, owner: 'bench' });
  await running.joined();
  return async () => {
    await running.stop();
    await backends.close();
  };
}
