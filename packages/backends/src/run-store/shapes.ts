import { outcomes, serviceNames } from '@orchestra/contracts';
import {
  all,
  anyText,
  bytes,
  count,
  duration,
  finite,
  flag,
  instant,
  isRecord,
  json,
  jsonSafe,
  listOf,
  nullable,
  oneOf,
  optional,
  recordOf,
  shape,
  text,
} from './checks.ts';

// What the arguments of the port look like. The types say the same; these hold for callers that types do not reach.

export const service = oneOf(serviceNames);
const wishKind = oneOf(['cancel', 'superseded', 'halted', 'deadline', 'stalled']);
const status = oneOf(['queued', 'running', 'waiting', ...outcomes]);

const jobFields = {
  jobId: text,
  service,
  runId: nullable(text),
  generation: count,
  unit: nullable(text),
  handler: text,
  payload: json,
  cause: text,
  causes: listOf(text),
  hops: count,
  maxAttempts: count,
  maxMs: duration,
  bound: flag,
  traceparent: nullable(text),
  delayMs: duration,
};
export const newJob = shape(jobFields);
const gateJob = shape({ ...jobFields, runId: text, unit: text, inputs: listOf(text) });
const gateInput = shape({ unit: text, generation: count, status: oneOf(outcomes), eventId: text });

export const lease = shape({ jobId: text, service, token: count });

const identity = shape({
  runId: text,
  repository: text,
  ref: text,
  branch: nullable(text),
  commit: text,
  before: nullable(text),
  author: anyText,
  message: nullable(anyText),
  trigger: text,
  pullRequest: nullable(count),
  cloneUrl: text,
  environmentLimit: nullable(text),
  metadata: recordOf(anyText),
});

export const admission = shape({
  identity,
  delivery: text,
  content: text,
  job: newJob,
  hopsLimit: count,
  maxSupersedes: count,
  notes: listOf(text),
  actor: nullable(text),
  head: optional(
    shape({
      by: oneOf(['told', 'found']),
      expected: optional(nullable(text)),
      pushedAtMs: optional(nullable(count)),
    }),
  ),
});

export const noteHead = shape({ repository: text, ref: text, expected: nullable(text), commit: nullable(text) });

export const acceptance = shape({
  service,
  eventId: text,
  runId: nullable(text),
  job: nullable(newJob),
  arm: listOf(gateJob),
  input: nullable(gateInput),
  follow: flag,
});

export const claim = shape({ service, owner: text, leaseMs: duration, except: listOf(text), maxStalls: count });

export const relayClaim = shape({ owner: text, ms: duration });

/** A rendering that is over. */
export const settled = shape({ runId: text, v: count });

export const history = listOf(
  shape({
    id: text,
    at: instant,
    kind: oneOf(['event', 'decision', 'act', 'received']),
    service,
    unit: nullable(text),
    generation: count,
    what: text,
    reason: nullable(text),
    causes: listOf(text),
    detail: jsonSafe,
  }),
);

export const slice = recordOf(nullable(json));

const outbox = listOf(shape({ id: text, topic: text, key: text, value: bytes, headers: recordOf(anyText) }));

const quarantined = shape({
  repository: text,
  key: text,
  runId: text,
  release: nullable(text),
  reason: text,
  alertId: nullable(text),
  at: instant,
});

const plannedUnit = shape({
  unit: text,
  service,
  after: listOf(text),
  gate: nullable(listOf(text)),
  gateDeadlineMs: duration,
});

export const targetChange = shape({
  key: text,
  expected: count,
  target: all(json, pinsRuns),
  wake: listOf(shape({ service, jobId: text, memo: nullable(json) })),
  quarantine: listOf(quarantined),
  unlessQuarantined: nullable(shape({ repository: text, keys: listOf(text) })),
});

export const finish = shape({
  status: nullable(status),
  reason: nullable(text),
  message: nullable(anyText),
  slice,
  outbox,
  history,
  jobs: listOf(newJob),
  wish: nullable(shape({ wish: wishKind, reason: text })),
  plan: nullable(shape({ units: listOf(plannedUnit), deadlineMs: duration, hopsLimit: count })),
  target: nullable(targetChange),
  notes: listOf(text),
});

export const park = shape({
  reason: text,
  message: nullable(anyText),
  delayMs: nullable(duration),
  memo: nullable(json),
  answerKey: nullable(text),
  status: oneOf(['waiting', 'running']),
  slice,
  target: nullable(targetChange),
});

export const wish = shape({
  runId: text,
  wish: wishKind,
  generation: nullable(count),
  units: nullable(listOf(text)),
  reason: text,
  actor: nullable(text),
});

export const retry = shape({
  runId: text,
  expected: count,
  remade: listOf(text),
  jobs: listOf(newJob),
  gates: listOf(gateJob),
  deadlineMs: duration,
  actor: text,
});

export const sample = shape({ target: text, at: instant, release: text, values: recordOf(finite) });

export const sampleQuery = shape({ target: text, from: instant, to: instant });

export const query = shape({ repository: nullable(text), limit: count, before: nullable(text) });

// A target names the runs that it keeps from expiring in `pins`; a list that cannot be read would let them go.
function pinsRuns(value: unknown, path: string): string[] {
  const target: unknown = typeof value === 'string' ? JSON.parse(value) : null;
  if (!isRecord(target) || target['pins'] === undefined) return [];
  return listOf(text)(target['pins'], `${path}.pins`);
}
