import { OrchestraError, type ErrorCode } from '@orchestra/contracts';
import { killActor, type Actor } from './actor.ts';
import type { Area } from './fault-plan.ts';
import type { Fate, Faults } from './faults.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

/** The way of all calls between a process and everything outside of it. */
export interface Network {
  timeline: Timeline;
  faults: Faults;
  trace: Trace;
  /** The membership of a process in its consumer group. */
  sessions: Map<Actor, Session>;
  /** Stops a process for a while; its supervisor may start another one beside it. */
  pause(actor: Actor): void;
}

/** A membership that ends while its process stands still. */
export interface Session {
  expire(): void;
  renew(): Promise<void>;
}

export interface Call<T> {
  /** Such as `store.finish`. */
  name: string;
  area: Area;
  /** What cannot be told apart from having been done once. Its answer takes no time of its own. */
  reads?: boolean;
  signal?: AbortSignal | undefined;
  work(): Promise<T> | T;
}

/** Makes a call: it arrives after a while, and so does its answer, or trouble. A dead caller hears of nothing. */
export function makeCall<T>(network: Network, actor: Actor, call: Call<T>): Promise<T> {
  const { timeline, faults, trace } = network;
  return new Promise((resolve, reject) => {
    if (!actor.alive) return;
    if (call.signal?.aborted === true) return reject(call.signal.reason);
    const fate = faults.fate(actor, call.name, call.area);
    const answer = listen(call.signal, { resolve, reject });
    if (fate.kind === 'pause') network.pause(actor);
    if (fate.kind === 'crash_before') return die(network, actor, call.name);
    timeline.after(fate.thereMs, null, () => {
      if (!actor.alive && !fate.outlivesCaller) return;
      if (fate.kind === 'fail') {
        trace(actor.name, call.name, 'fails');
        bring(network, { actor, fate, call }, () => answer.reject(troubleOf(call)));
        return;
      }
      void arrive(network, { actor, fate, call }, answer);
    });
  });
}

interface Answer<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

interface Made<T> {
  actor: Actor;
  fate: Fate;
  call: Call<T>;
}

async function arrive<T>(network: Network, made: Made<T>, answer: Answer<T>): Promise<void> {
  const { actor, fate, call } = made;
  try {
    const value = await call.work();
    network.trace(actor.name, call.name, value);
    if (fate.kind === 'crash_after') die(network, actor, call.name);
    const isLost = fate.kind === 'lost';
    bring(network, made, () => (isLost ? answer.reject(troubleOf(call)) : answer.resolve(value)));
  } catch (error) {
    network.trace(actor.name, call.name, error);
    bring(network, made, () => answer.reject(error));
  }
}

function bring<T>({ timeline }: Network, { actor, fate, call }: Made<T>, tell: () => void): void {
  timeline.after(call.reads === true ? 0 : fate.backMs, actor, tell);
}

function die({ trace }: Network, actor: Actor, where: string): void {
  trace(actor.name, where, 'DIES');
  killActor(actor);
}

/** An answer that is no longer waited for once the signal has aborted. */
function listen<T>(signal: AbortSignal | undefined, { resolve, reject }: Answer<T>): Answer<T> {
  if (signal === undefined) return { resolve, reject };
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const done = (): void => signal.removeEventListener('abort', abort);
  return {
    resolve(value) {
      done();
      resolve(value);
    },
    reject(error) {
      done();
      reject(error);
    },
  };
}

const codes: Record<string, ErrorCode> = {
  store: 'STORE_UNAVAILABLE',
  bus: 'BUS_UNAVAILABLE',
  artifacts: 'STORE_UNAVAILABLE',
  git: 'GIT_FETCH_FAILED',
  forge: 'FORGE_UNAVAILABLE',
  chat: 'CHAT_UNAVAILABLE',
  target: 'TARGET_UNREACHABLE',
  metrics: 'TARGET_UNREACHABLE',
  bench: 'SANDBOX_UNAVAILABLE',
  registry: 'COMMAND_FAILED',
  infrastructure: 'COMMAND_FAILED',
};

function troubleOf<T>({ name }: Call<T>): OrchestraError {
  const code = codes[name.split('.')[0] ?? ''] ?? 'STORE_UNAVAILABLE';
  return new OrchestraError(code, `${name} did not answer`, { retriable: true });
}
