import { z } from 'zod';
import { choice } from './choice.ts';
import { line, percent, seconds, targetName } from './fields.ts';
import { older } from './older-key.ts';
import { judgement } from './section-judgement.ts';

const amount = z.number().gt(0, 'must be above 0').max(1e9, 'must be at most 1000000000');

const thresholds = z
  .strictObject({
    error_rate_percent: percent
      .optional()
      .describe('Most requests that may fail (status 500 and above, or no answer). Default: 5.'),
    latency_ms: amount.optional().describe('Longest time to answer, at `latency_percentile`. Default: not judged.'),
    latency_percentile: z
      .number()
      .min(1, 'must be 1 to 100')
      .max(100, 'must be 1 to 100')
      .default(95)
      .describe('The percentile of the time to answer.'),
    cpu_percent: percent
      .optional()
      .describe('Most processor time, in percent of one core a process. Default: not judged.'),
    memory_mib: amount.optional().describe('Most memory of a process, in MiB. Default: not judged.'),
    disk_mib: amount
      .optional()
      .describe('Most that a release may write to disk while it is watched, in MiB. Default: not judged.'),
    network_kib_per_second: amount
      .optional()
      .describe('Most traffic of a process, in KiB a second. Default: not judged.'),
    pod_restarts: z
      .int()
      .min(0, 'must be 0 to 1000')
      .max(1000, 'must be 0 to 1000')
      .default(0)
      .describe('Most restarts of the containers of a release while it is watched, on Kubernetes.'),
    cpu_usage: older(percent, 'Write `cpu_percent`.'),
    memory_usage: older(percent, 'Has no effect: a share of unknown memory cannot be judged. Write `memory_mib`.'),
    disk_usage: older(percent, 'Has no effect: a share of an unknown disk cannot be judged. Write `disk_mib`.'),
    error_rate: older(percent, 'Write `error_rate_percent`, 0 to 100.'),
    request_latency: older(amount, 'Write `latency_ms`, in milliseconds.'),
  })
  .prefault({})
  .describe('What a release may reach before it counts as unhealthy.');

const alert = z.strictObject({
  type: choice({
    values: ['latency', 'error_rate', 'cpu', 'memory', 'disk'],
    older: {
      request_latency: 'latency',
      cpu_usage: 'cpu',
      memory_usage: 'memory',
      disk_usage: 'disk',
    },
  }).describe('What is measured.'),
  threshold_ms: older(amount, 'Write `observability.thresholds.latency_ms`.'),
  threshold: older(amount, 'Write `observability.thresholds`, with the key of what is measured.'),
});

export const observability = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether releases are watched. Without it every step passes unseen.'),
    thresholds,
    interval_seconds: seconds.default(5).describe('How often a release is measured. One measurement is one sample.'),
    step_watch_seconds: seconds.default(60).describe('How long a step is watched at least.'),
    release_watch_seconds: seconds.default(1800).describe('How long the release is watched after its last step.'),
    min_samples: z
      .int()
      .min(1, 'must be 1 to 100000')
      .max(100_000, 'must be 1 to 100000')
      .default(3)
      .describe('Samples with traffic that a judgement needs.'),
    failure_limit: z
      .int()
      .min(1, 'must be 1 to 1000')
      .max(1000, 'must be 1 to 1000')
      .default(3)
      .describe('Bad samples in a row that make a breach.'),
    max_wait_seconds: seconds
      .optional()
      .describe(
        'How long to wait for enough samples before a step cannot be judged. Default: 300, or twice `step_watch_seconds` where that is more.',
      ),
    ...judgement,
    tools: older(z.array(line), "Has no effect: the router's and the service's own metrics are read. Remove it."),
    alerts: older(z.array(alert).max(50, 'must have at most 50 alerts'), 'Write `observability.thresholds`.'),
  })
  .describe('How releases are watched.');

const removal = choice({ values: ['keep', 'destroy'] });

export const rollback = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('Whether an unhealthy release goes back by itself. A canary always does.'),
    cooldown_seconds: z
      .number()
      .min(0, 'must be 0 or more')
      .max(7 * 24 * 3600, 'must be at most a week (604800 seconds)')
      .default(600)
      .describe('How long a target rests between two automatic rollbacks.'),
    budget_per_day: z
      .int()
      .min(0, 'must be 0 to 1000')
      .max(1000, 'must be 0 to 1000')
      .default(3)
      .describe('Automatic rollbacks of one target in 24 hours.'),
    safe: z
      .boolean()
      .optional()
      .describe(
        'Whether the release before may serve again by itself. Default: unless a file of a schema migration changed. A person may always go back, and a canary always does.',
      ),
    infrastructure: z
      .union([removal, z.record(targetName, removal)])
      .default('keep')
      .describe(
        'What becomes of the infrastructure after a rollback: `keep`, or `destroy`, which plans its destruction and waits for a person. Only for environments with `ephemeral: true`. A map of environments and words for some of them.',
      ),
    threshold: older(
      z.strictObject({
        cpu: older(percent, 'Write `observability.thresholds.cpu_percent`.'),
        errors: older(percent, 'Write `observability.thresholds.error_rate_percent`.'),
        duration: older(
          z.union([
            seconds,
            z.string().regex(/^\d{1,6}(\.\d+)?\s*(ms|s|m|h)?$/, 'must be a duration, such as 30s or 5m'),
          ]),
          'Write `observability.failure_limit`: bad samples in a row, each `interval_seconds` apart.',
        ),
      }),
      'Write `observability.thresholds`.',
    ),
  })
  .describe('How a bad release goes back.');
