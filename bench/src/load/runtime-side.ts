import { createMeter, runService, type RunningService, type RunService } from '@orchestra/runtime';
import type { ServiceName } from '@orchestra/contracts';
import { benchLog, openBackends } from '../hop/open-backends.ts';
import type { LoadPlace } from './place.ts';
import { buildCard, deployCard, gitopsCard, iacCard, testCard } from './stage-cards.ts';

/** Ours: five services with empty stages on the real runtime with its default periods. Returns what stops them. */
export async function startRuntimeSide(place: LoadPlace): Promise<() => Promise<void>> {
  const backends = await openBackends(place);
  const start = <S extends ServiceName>(service: RunService<S>['service']): Promise<RunningService> =>
    runService({ service, backends, meter: createMeter(), log: benchLog, owner: `bench:${process.pid}` });
  const running = await Promise.all([
    start(gitopsCard()),
    start(buildCard()),
    start(testCard()),
    start(iacCard()),
    start(deployCard()),
  ]);
  await Promise.all(running.map(({ joined }) => joined()));
  return async () => {
    for (const service of running) await service.stop();
    await backends.close();
  };
}
