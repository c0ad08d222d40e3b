import { expect, it } from '@jest/globals';
import type { GateInput, GateJob, RunStore } from '@orchestra/runtime';
import { admitRun, aGate, anAcceptance, anInput, aWish, claimFrom, hour, leaseMs, mustClaim } from './given.ts';
import type { Under } from './place.ts';

/** The wait for the inputs of a unit. */
export function testGates(under: Under): void {
  testOpening(under);
  testClosing(under);
  testEarly(under);
  testDecided(under);
}

/** Arms a gate in a run of its own. */
async function arm(store: RunStore, change: Partial<GateJob> = {}): Promise<GateJob> {
  const runId = await admitRun(store);
  const gate = aGate(runId, change);
  await store.accept(anAcceptance(runId, { service: 'iac', arm: [gate] }));
  return gate;
}

async function offer(store: RunStore, { runId }: GateJob, input: GateInput): Promise<void> {
  await store.accept(anAcceptance(runId, { service: 'iac', input }));
}

function testOpening(under: Under): void {
  it('waits for its inputs, and says so', async () => {
    const { store } = under();
    const { runId, jobId } = await arm(store);

    expect(await claimFrom(store, 'iac')).toBeNull();
    expect(await store.readRun(runId)).toMatchObject({
      units: { 'iac/staging': { status: 'waiting', reason: 'gate' } },
    });
    expect(await store.readJob(jobId)).toMatchObject({ status: 'parked', attempt: 0 });
  });

  it('opens with the last input, and names all of them as causes', async () => {
    const { store } = under();
    const gate = await arm(store);
    const inputs = [
      anInput('code_analysis/source'),
      anInput('test', { status: 'not_needed' }),
      anInput('code_analysis/artifact'),
    ];
    for (const input of inputs.slice(0, 2)) await offer(store, gate, input);
    expect(await claimFrom(store, 'iac')).toBeNull();

    for (const input of inputs.slice(2)) await offer(store, gate, input);

    const claimed = await mustClaim(store, 'iac');
    expect(claimed).toMatchObject({ jobId: gate.jobId, gate: { state: 'opened', missing: [] } });
    expect(claimed.gate?.arrived).toHaveLength(3);
    expect(claimed.gate?.arrived).toEqual(expect.arrayContaining(inputs));
    expect(claimed.causes.toSorted()).toEqual(inputs.map(({ eventId }) => eventId).toSorted());
  });

  it('opens at once when its inputs came before it was armed', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const input = anInput('test');
    await store.accept(anAcceptance(runId, { service: 'iac', input }));

    await store.accept(anAcceptance(runId, { service: 'iac', arm: [aGate(runId, { inputs: ['test'] })] }));

    expect(await mustClaim(store, 'iac')).toMatchObject({ gate: { state: 'opened', arrived: [input] } });
  });

  it('is armed by the very event that opens it', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const armed = { service: 'iac', arm: [aGate(runId, { inputs: ['test'] })], input: anInput('test') } as const;

    await store.accept(anAcceptance(runId, armed));

    expect(await mustClaim(store, 'iac')).toMatchObject({ gate: { state: 'opened' } });
  });

  it('takes the first outcome of an input', async () => {
    const { store } = under();
    const gate = await arm(store, { inputs: ['test', 'build'] });
    await offer(store, gate, anInput('test', { status: 'success' }));
    await offer(store, gate, anInput('test', { status: 'failure' }));

    await offer(store, gate, anInput('build'));

    expect(await mustClaim(store, 'iac')).toMatchObject({ gate: { state: 'opened' } });
  });

  it('does not care for units that it does not wait for', async () => {
    const { store } = under();
    const gate = await arm(store, { inputs: ['test'] });

    await offer(store, gate, anInput('build', { status: 'failure' }));

    expect(await claimFrom(store, 'iac')).toBeNull();
  });

  it('opens every gate that waits for the same input', async () => {
    const { store } = under();
    const staging = await arm(store, { inputs: ['test'] });
    const production = aGate(staging.runId, { unit: 'iac/production', inputs: ['test'] });
    await store.accept(anAcceptance(staging.runId, { service: 'iac', arm: [production] }));

    await offer(store, staging, anInput('test'));

    const claimed = [await mustClaim(store, 'iac'), await mustClaim(store, 'iac')];
    expect(new Set(claimed.map(({ unit }) => unit))).toEqual(new Set(['iac/production', 'iac/staging']));
  });
}

const bad = ['failure', 'error', 'skipped', 'cancelled', 'timed_out', 'unknown'] as const;

function testClosing(under: Under): void {
  it.each(bad)('closes with the first input that is %s, without waiting for the others', async (status) => {
    const { store } = under();
    const gate = await arm(store);
    const input = anInput('test', { status });

    await offer(store, gate, input);

    const missing = ['code_analysis/source', 'code_analysis/artifact'];
    expect(await mustClaim(store, 'iac')).toMatchObject({
      gate: { state: 'closed', arrived: [input], missing },
      causes: [input.eventId],
    });
  });

  it('ends without its inputs when its time is over', async () => {
    const { store, advance } = under();
    const gate = await arm(store, { inputs: ['test', 'build'] });
    const input = anInput('build');
    await offer(store, gate, input);

    await advance(hour);

    expect(await mustClaim(store, 'iac')).toMatchObject({
      gate: { state: 'timed_out', arrived: [input], missing: ['test'] },
      causes: [input.eventId],
    });
  });

  it('counts its time from the first event that armed it', async () => {
    const { store, advance } = under();
    const gate = await arm(store);
    await advance(hour / 2);

    await store.accept(anAcceptance(gate.runId, { service: 'iac', arm: [gate] }));
    await advance(hour / 2);

    expect(await mustClaim(store, 'iac')).toMatchObject({ gate: { state: 'timed_out' } });
  });
}

function testEarly(under: Under): void {
  it('ends when the run is asked to end', async () => {
    const { store } = under();
    const { runId } = await arm(store, { inputs: ['test'] });

    await store.setWish(aWish(runId));

    const claimed = await mustClaim(store, 'iac');
    expect(claimed).toMatchObject({ gate: { state: 'wished', missing: ['test'] }, wishes: [{ wish: 'cancel' }] });
  });

  it('does not begin to wait in a run that is asked to end', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    await store.setWish(aWish(runId));

    await store.accept(anAcceptance(runId, { service: 'iac', arm: [aGate(runId)] }));

    expect(await mustClaim(store, 'iac')).toMatchObject({ gate: { state: 'wished' }, wishes: [{ wish: 'cancel' }] });
  });

  it('opens when its inputs come after the wish and before the claim', async () => {
    const { store } = under();
    const gate = await arm(store, { inputs: ['test'] });
    await store.setWish(aWish(gate.runId));

    await offer(store, gate, anInput('test'));

    expect(await mustClaim(store, 'iac')).toMatchObject({ gate: { state: 'opened' }, wishes: [{ wish: 'cancel' }] });
    expect(await claimFrom(store, 'iac')).toBeNull();
  });
}

function testDecided(under: Under): void {
  it('never changes what it decided', async () => {
    const { store, advance } = under();
    const gate = await arm(store, { inputs: ['test', 'build'] });
    await offer(store, gate, anInput('test', { status: 'failure' }));
    const first = await mustClaim(store, 'iac');

    await offer(store, gate, anInput('build'));
    await store.setWish(aWish(gate.runId));
    await store.release(first);
    const second = await mustClaim(store, 'iac');
    await advance(leaseMs + 1);
    await store.reap('iac', 10);
    const third = await mustClaim(store, 'iac');
    await store.retryLater(third, 0, 'trouble');
    const fourth = await mustClaim(store, 'iac');

    for (const { gate: verdict } of [second, third, fourth]) expect(verdict).toEqual(first.gate);
    expect(fourth.causes).toEqual(first.causes);
  });

  it('keeps the verdict of a gate that ran out of time, also when its inputs come late', async () => {
    const { store, advance } = under();
    const gate = await arm(store, { inputs: ['test'] });
    await advance(hour);
    const first = await mustClaim(store, 'iac');

    await offer(store, gate, anInput('test'));

    expect(await claimFrom(store, 'iac')).toBeNull();
    await store.release(first);
    expect(await mustClaim(store, 'iac')).toMatchObject({ gate: { state: 'timed_out', missing: ['test'] } });
  });
}
