import type { Resolution, RunState, ServiceName } from '@orchestra/contracts';
import { nameId, OrchestraError, unaskedJob } from '@orchestra/runtime';
import type { Command } from '../parse-command.ts';
import { clientOf } from './client-of.ts';
import type { Call } from './route.ts';

export interface Ordered {
  commandId: string;
  addressee: string;
}

export interface KeepOrder {
  action: Command['action'];
  addressee: ServiceName;
  repository: string;
  /** The run that the order belongs to; null: none that the store still has. */
  run: Pick<RunState, 'runId' | 'generation'> | null;
  about: Pick<Command, 'unit' | 'environment' | 'service' | 'release'>;
  digest: string | null;
  force: boolean;
  /** Of RESOLVE: what a person found. */
  resolution?: Resolution | null;
  /** Of FREEZE: when it ends by itself. */
  until?: string | null;
  /** Of EXTEND_WATCH. */
  seconds?: number | null;
  reason: string | null;
}

const keyForm = /^[\x21-\x7e]{1,255}$/;

/** Puts an order into the queue as a durable job; the same Idempotency-Key of the same person is the same order. */
export async function keepOrder(order: KeepOrder, call: Call<unknown, unknown, unknown>): Promise<Ordered> {
  const { store } = call.context;
  const { action, addressee, repository, run, about, digest, force, reason } = order;
  const { resolution = null, until = null, seconds = null } = order;
  const command: Command = {
    ...about,
    commandId: nameOf(call),
    version: 1,
    action,
    actor: call.token.name,
    source: clientOf(call),
    addressee,
    repository,
    runId: run?.runId ?? null,
    generation: run?.generation ?? null,
    digest,
    force,
    resolution,
    until,
    seconds,
    reason,
  };
  await store.enqueue(
    unaskedJob({
      service: 'chatops',
      runId: command.runId,
      generation: command.generation ?? 1,
      handler: 'command',
      payload: JSON.stringify(command),
      cause: command.commandId,
      maxAttempts: 10,
      maxMs: 60_000,
    }),
  );
  return { commandId: command.commandId, addressee };
}

function nameOf({ request, token, context }: Call<unknown, unknown, unknown>): string {
  const key = request.get('idempotency-key');
  if (key === undefined) return context.ids.next();
  if (!keyForm.test(key)) throw new OrchestraError('REQUEST_INVALID', 'The Idempotency-Key is not printable ASCII');
  return nameId('command', token.name, request.path, key);
}
