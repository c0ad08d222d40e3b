import type { RunState, ServiceName } from '@orchestra/contracts';
import { tellShown } from '../observe/tracing.ts';
import type { Render } from '../service/definition.ts';
import type { Engine, Loop } from './engine.ts';
import { startLoop } from './start-loop.ts';

/** Renders runs that changed, the newest revision, one at a time a run: so what people see is never out of order. */
export function startRenderer<S extends ServiceName>(engine: Engine<S>, render: Render): Loop {
  const { service, store, context, settings } = engine;
  const { clock, log } = context;
  // Claimed with the step that ended the rendering before it.
  let next: RunState | null = null;
  const loop = startLoop({ name: 'renderer', clock, log, restMs: settings.restMs, step });
  return { wake: loop.wake, stop };

  async function step(stopping: AbortSignal): Promise<number> {
    const run = next ?? (await store.claimDirty(service.name, settings.renderLeaseMs));
    next = null;
    if (run === null) return settings.pollMs;

    try {
      await show(run);
      next = await settle(run, stopping);
      return next === null ? settings.pollMs : 0;
    } catch (error) {
      log.warn({ err: error, runId: run.runId }, 'a run could not be rendered, will go on');
      return settings.restMs;
    }
  }

  async function show(run: RunState): Promise<void> {
    const since = clock.now();
    const shown = await render(run, { ...context, log: log.child({ runId: run.runId }) });
    const slice = Object.entries(shown).map(
      ([key, value]) => [key, value === null ? null : JSON.stringify(value)] as const,
    );
    if (slice.length === 0) return;
    await store.writeRendered(service.name, run.runId, Object.fromEntries(slice));
    tellShown({ service: service.name, runId: run.runId, since });
  }

  async function settle(run: RunState, stopping: AbortSignal): Promise<RunState | null> {
    if (!stopping.aborted) return store.settleAndClaimDirty(service.name, run, settings.renderLeaseMs);
    await store.settleDirty(service.name, run.runId, run.v);
    return null;
  }

  // What is held already is shown before, or it would wait for the end of its lease.
  async function stop(): Promise<void> {
    await loop.stop();
    if (next !== null) await step(AbortSignal.abort());
  }
}
