import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { evaluate, type Change, type SavedPlan } from './saved-plan.ts';
import { readState, writeState, type State } from './state.ts';

/**
 * Does what a plan says, change by change, and keeps the state after each: one that fails is the last.
 *
 * @param say gets a line before each change
 * @throws Error `Saved plan is stale` when the state moved since; when a provisioner fails or is interrupted
 */
export async function applyPlan(plan: SavedPlan, say: (line: string) => void): Promise<void> {
  const state = readState(plan.statePath);
  const isNew = plan.serial === 0 && state.serial === 0;
  if (!isNew && (state.lineage !== plan.lineage || state.serial !== plan.serial)) {
    throw new Error('Saved plan is stale\n\nThe state was changed by another operation after the plan was created.');
  }
  for (const change of plan.changes) {
    if (change.actions[0] !== 'no-op')
      say(`${change.address}: ${change.wanted === null ? 'Destroying' : 'Creating'}...`);
    await apply(change, state, plan.statePath);
  }
  state.outputs = Object.fromEntries(
    Object.entries(plan.outputs).map(([name, { expression, sensitive }]) => [
      name,
      { value: evaluate(expression, plan.variables, state), sensitive },
    ]),
  );
  writeState(plan.statePath, state);
}

async function apply({ address, actions, wanted }: Change, state: State, statePath: string): Promise<void> {
  if (actions[0] === 'no-op') return;
  const { [address]: before, ...others } = state.resources;
  if (wanted === null) {
    state.resources = others;
    return writeState(statePath, state);
  }
  const { input, triggersReplace, command, isSecret } = wanted;
  const isUpdate = actions[0] === 'update';
  const id = isUpdate && before !== undefined ? before.id : randomUUID();
  const succeeded = isUpdate || command === null || (await runs(command));
  state.resources = { ...others, [address]: { id, input, triggersReplace, isSecret, tainted: !succeeded } };
  writeState(statePath, state);
  if (!succeeded) throw new Error(`local-exec provisioner error\n\n  with ${address}`);
}

// Interrupted, we end the command and still keep the state.
async function runs(command: string): Promise<boolean> {
  const child = spawn('/bin/sh', ['-c', command], { stdio: 'ignore' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void child.kill());
  const [code]: unknown[] = await once(child, 'exit');
  return code === 0;
}
