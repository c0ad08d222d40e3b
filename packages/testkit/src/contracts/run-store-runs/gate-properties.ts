import { it } from '@jest/globals';
import { outcomes, type TerminalStatus } from '@orchestra/contracts';
import type { Acceptance, ClaimedJob } from '@orchestra/runtime';
import fc from 'fast-check';
import { admitRun, aFinish, aGate, anAcceptance, anInput, claimAll } from './given.ts';
import type { Under } from './place.ts';

const units = ['test', 'code_analysis/source', 'code_analysis/artifact'];

// How the events of a run reach a service: a status for each input, then deliveries in any order and number, in rounds
// whose deliveries are at the same time. Every delivery arms the gate, as the first event of a run does.
const story = fc.record({
  statuses: fc.tuple(...units.map(() => fc.constantFrom<TerminalStatus>(...outcomes, 'success', 'success', 'success'))),
  rounds: fc.array(fc.array(fc.nat({ max: units.length - 1 }), { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
});

/** What holds for a gate whatever the order of events. */
export function testGateProperties(under: Under): void {
  it('F4 ends a gate once, and rightly, for any order and repetition of its inputs', async () => {
    const { store } = under();
    await fc.assert(
      fc.asyncProperty(story, async ({ statuses, rounds }) => {
        const runId = await admitRun(store);
        await claimAll(store, 'gitops');
        const gate = aGate(runId);
        const events = units.map((unit, index) => {
          const input = anInput(unit, { status: statuses[index] ?? 'success' });
          return anAcceptance(runId, { service: 'iac', eventId: input.eventId, arm: [gate], input });
        });
        const ends: ClaimedJob[] = [];

        // At last each event comes once more, so that all of them have come.
        for (const round of [...rounds, units.map((_unit, index) => index)]) {
          await Promise.all(round.map(async (index) => store.accept(chosen(events, index))));
          ends.push(...(await claimAll(store, 'iac')));
        }
        for (const job of ends) await store.finish(job, aFinish());
        await Promise.all(events.map(async (event) => store.accept(event)));
        ends.push(...(await claimAll(store, 'iac')));

        judge(ends, statuses);
      }),
      { numRuns: 40 },
    );
  });
}

function chosen(events: readonly Acceptance[], index: number): Acceptance {
  const event = events[index];
  if (event === undefined) throw new RangeError(`There is no event ${index}`);
  return event;
}

function judge(ends: readonly ClaimedJob[], statuses: readonly TerminalStatus[]): void {
  const passes = statuses.every((status) => status === 'success' || status === 'not_needed');
  const states = ends.map(({ gate }) => gate?.state);
  const expected = passes ? 'opened' : 'closed';
  if (states.length !== 1 || states[0] !== expected) throw new Error(`${statuses.join()}: ${states.join()}`);
  const arrived = ends[0]?.gate?.arrived.length ?? 0;
  if (passes && arrived !== units.length) throw new Error(`opened with ${arrived} inputs`);
}
