import { context, propagation, SpanKind, SpanStatusCode, trace, type Context } from '@opentelemetry/api';
import { createHash } from 'node:crypto';
import type { ClaimedJob } from '../ports/jobs.ts';

type Traced = Pick<ClaimedJob, 'traceparent' | 'runId' | 'jobId'>;

/**
 * The trace context that a job hands on. The trace id of a run is the run's id, so all services of a run share one trace
 * even when its first event carried none.
 *
 * @see W3C Trace Context, section 3.2
 */
export function traceparentOf(job: Traced): string | null {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? job.traceparent ?? rootOf(job);
}

function rootOf({ runId, jobId }: Traced): string | null {
  if (runId === null) return null;
  const span = createHash('sha1').update(jobId).digest('hex').slice(0, 16);
  return `00-${runId.replaceAll('-', '')}-${span}-01`;
}

/** Runs one attempt in a span of its run's trace. Without a tracing SDK this costs nothing and changes nothing. */
export async function inSpan(
  attempt: { service: string; job: ClaimedJob },
  work: () => Promise<string>,
): Promise<string> {
  const { service, job } = attempt;
  const attributes = {
    'cicd.pipeline.run.id': job.runId ?? '',
    'cicd.pipeline.task.name': job.unit ?? job.handler,
    'cicd.pipeline.task.run.id': job.jobId,
  };
  const tracer = trace.getTracer(`orchestra.${service}`);
  const options = { kind: SpanKind.CONSUMER, attributes };
  return tracer.startActiveSpan(`${service} ${job.handler}`, options, parentOf(job), async (span) => {
    try {
      const end = await work();
      span.setAttribute('cicd.pipeline.task.run.result', end);
      return end;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Tells in the trace of a run that a service showed it to people; `since` is when it began to. */
export function tellShown({ service, runId, since }: { service: string; runId: string; since: Date }): void {
  const options = { kind: SpanKind.INTERNAL, attributes: { 'cicd.pipeline.run.id': runId }, startTime: since };
  const parent = parentOf({ runId, jobId: runId, traceparent: null });
  trace.getTracer(`orchestra.${service}`).startSpan(`${service} render`, options, parent).end();
}

function parentOf(job: Traced): Context {
  const traceparent = job.traceparent ?? rootOf(job);
  return traceparent === null ? context.active() : propagation.extract(context.active(), { traceparent });
}
