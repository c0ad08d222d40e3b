import type { RunState, ServiceName, TerminalStatus, Wish } from '@orchestra/contracts';

/** A durable unit of work to create. `jobId` is deterministic, so creating it twice changes nothing. */
export interface NewJob {
  jobId: string;
  service: ServiceName;
  /** Null: a job of the service itself, such as a schedule or a command without a run. */
  runId: string | null;
  generation: number;
  /** The unit whose status the job moves; null for a reaction. */
  unit: string | null;
  /** A topic, or the name of a task of the service. */
  handler: string;
  /** JSON; what it means is up to the handler. */
  payload: string;
  /** The event, gate or timer it comes from, and all events behind a gate. */
  cause: string;
  causes: readonly string[];
  hops: number;
  maxAttempts: number;
  /** Longest time of one attempt. */
  maxMs: number;
  /** When a wish on the run binds it: it becomes ready when parked, and hears of the wish while it works. */
  bound: boolean;
  traceparent: string | null;
  /** Milliseconds from now until it is due; 0: at once. Until then it is parked, not queued. */
  delayMs: number;
}

/** A job that a gate ends in. It is parked until its inputs decide, a wish binds it, or `delayMs` is over. */
export interface GateJob extends NewJob {
  unit: string;
  runId: string;
  /** The units whose outcomes it waits for. */
  inputs: readonly string[];
}

export interface GateInput {
  unit: string;
  generation: number;
  status: TerminalStatus;
  eventId: string;
}

/** How a gate ended. `wished`: a wish woke the job before its inputs decided. */
export interface GateVerdict {
  state: 'opened' | 'closed' | 'timed_out' | 'wished';
  arrived: readonly GateInput[];
  missing: readonly string[];
}

/** The right to work at a job until a time. Every further step names it; an older token is refused. */
export interface Lease {
  jobId: string;
  service: ServiceName;
  token: number;
}

export interface ClaimedJob extends Lease {
  runId: string | null;
  generation: number;
  unit: string | null;
  handler: string;
  payload: string;
  cause: string;
  causes: readonly string[];
  hops: number;
  /** Tries at the job, from 1; a stall does not count. */
  attempt: number;
  maxAttempts: number;
  maxMs: number;
  /** Deaths of workers that held it. */
  stalls: number;
  /** How often it was parked so far. */
  parks: number;
  bound: boolean;
  traceparent: string | null;
  /** Null: not a gate's job. */
  gate: GateVerdict | null;
  /** The wishes that bind it now; `stalled` when its stalls are used up. */
  wishes: readonly Wish[];
  /** What `park` stored, or what `answer` brought; JSON. Null: neither. */
  memo: string | null;
  createdAt: string;
  /** The run as the claim left it, from a store that is a round trip away. Absent: it has to be read. */
  run?: RunState;
}
