import { describe, expect, it } from '@jest/globals';
import type { RunState } from '@orchestra/contracts';
import type { Rendered } from '../ports/run-store.ts';
import { createSystemClock } from '../system-clock.ts';
import type { Engine } from './engine.ts';
import { startRenderer } from './renderer.ts';
import { defaultSettings } from './settings.ts';

describe('startRenderer', () => {
  it('claims the next run with the step that ends the one before', async () => {
    const world = startWorld(['r1', 'r2', 'r3']);

    await world.settled(3);
    await world.renderer.stop();

    expect(world.calls).toEqual(['claim r1', 'show r1', 'turn r1', 'show r2', 'turn r2', 'show r3', 'turn r3']);
  });

  it('shows what it holds already before it stops, and claims nothing more', async () => {
    const world = startWorld(['r1', 'r2', 'r3']);
    const stopped = Promise.withResolvers<void>();
    world.onShow('r2', () => world.renderer.stop().then(stopped.resolve));

    await stopped.promise;

    expect(world.calls).toEqual(['claim r1', 'show r1', 'turn r1', 'show r2', 'settle r2']);
  });

  it('shows what was claimed with the step during which it was told to stop', async () => {
    const world = startWorld(['r1', 'r2']);
    const stopped = Promise.withResolvers<void>();
    world.onTurn('r1', () => world.renderer.stop().then(stopped.resolve));

    await stopped.promise;

    expect(world.calls).toEqual(['claim r1', 'show r1', 'turn r1', 'show r2', 'settle r2']);
  });

  it('goes on with the next one behind a run that cannot be shown', async () => {
    const world = startWorld(['r1', 'r2']);
    world.onShow('r1', () => {
      throw new Error('no forge');
    });

    await world.settled(1);
    await world.renderer.stop();

    expect(world.calls).toEqual(['claim r1', 'show r1', 'claim r2', 'show r2', 'turn r2']);
    expect(world.warned).toEqual(['r1']);
  });
});

/** A renderer beside a store in which these runs are due, one after the other. */
function startWorld(due: string[]) {
  const calls: string[] = [];
  const warned: unknown[] = [];
  const shows = new Map<string, () => unknown>();
  const turns = new Map<string, () => unknown>();
  let ends = 0;
  const next = (): RunState | null => {
    const runId = due.shift();
    return runId === undefined ? null : ({ runId, v: 1 } as RunState);
  };
  const store = {
    claimDirty: async () => {
      const run = next();
      if (run !== null) calls.push(`claim ${run.runId}`);
      return run;
    },
    settleDirty: async (_service: string, runId: string) => {
      calls.push(`settle ${runId}`);
      ends += 1;
    },
    settleAndClaimDirty: async (_service: string, { runId }: Rendered) => {
      calls.push(`turn ${runId}`);
      ends += 1;
      const run = next();
      turns.get(runId)?.();
      return run;
    },
  };
  const log = { child: () => log, warn: (data: { runId?: unknown }) => warned.push(data.runId) };
  const engine = {
    service: { name: 'gitops' },
    settings: { ...defaultSettings, restMs: 1, pollMs: 60_000 },
    context: { clock: createSystemClock(), log },
    store,
  } as unknown as Engine<'gitops'>;
  const renderer = startRenderer(engine, async ({ runId }) => {
    calls.push(`show ${runId}`);
    shows.get(runId)?.();
    return {};
  });
  return {
    calls,
    warned,
    renderer,
    onShow: (runId: string, act: () => unknown) => shows.set(runId, act),
    onTurn: (runId: string, act: () => unknown) => turns.set(runId, act),
    settled: (count: number) => until(() => ends >= count),
  };
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setImmediate(resolve));
}
