import * as deploy from '@orchestra/deploy';
import * as observability from '@orchestra/observability';
import * as rollback from '@orchestra/rollback';
import { createMeter, digestToken, runService, type Backends, type RunningService } from '@orchestra/runtime';
import { silentLog } from '@orchestra/testkit';

const settings = {
  pollMs: 50,
  restMs: 50,
  retryBaseMs: 20,
  retryCapMs: 100,
  drainMs: 50,
  leaseMs: 5_000,
  renewMs: 250,
};

/** Who has it may tell observability of alerts. */
export const alertToken = 'alerts-of-tests';

/** Deploy, observability and rollback, on one local target; in this order. */
export async function startThree(backends: Backends, folder: string): Promise<RunningService[]> {
  const path = process.env['PATH'] ?? '';
  const place = { LOCAL_TARGET_DIR: folder, LOCAL_TARGET_PATH: path };
  const own = deploy.settings.parse({ ...place, LOCAL_TARGET_SANDBOX: 'process', LOCAL_TARGET_MEMORY_MB: 1_024 });
  const observing = observability.settings.parse({
    ...place,
    ALERT_TOKENS: `alerts:operator:${digestToken(alertToken)}`,
  });
  return startAll(backends, [
    async (start) => start(deploy.createService(deploy.createPorts(own))),
    async (start) => start(observability.createService(observability.createPorts(observing))),
    async (start) => start(rollback.createService(rollback.createPorts(own))),
  ]);
}

type Start = <S extends Parameters<typeof runService>[0]['service']['name']>(
  service: Parameters<typeof runService<S>>[0]['service'],
) => Promise<RunningService>;
export type Starter = (start: Start) => Promise<RunningService>;

/** Starts services in this process. */
export async function startAll(backends: Backends, starters: readonly Starter[]): Promise<RunningService[]> {
  const meter = createMeter();
  return Promise.all(
    starters.map(async (starter) =>
      starter(async (service) => runService({ service, backends, meter, log: silentLog, owner: 'test', settings })),
    ),
  );
}

export async function stopAll(services: readonly RunningService[]): Promise<void> {
  await Promise.all(services.map(async (service) => service.stop()));
}
