import { isServiceName, OrchestraError, type ServiceName } from '@orchestra/contracts';
import { z } from 'zod';

/** What the headers of a record say: CloudEvents 1.0 in Kafka's binary mode, with our extensions. */
export interface Envelope {
  id: string;
  source: ServiceName;
  subject: string;
  time: Date;
  /** Null for a command about a repository. */
  runId: string | null;
  causeId: string | null;
  generation: number;
  hops: number;
  traceparent: string | null;
}

const text = z.string().min(1).max(512);
const count = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

const headersShape = z.object({
  ce_specversion: z.literal('1.0'),
  ce_id: text,
  ce_source: z
    .string()
    .startsWith('/orchestra/')
    .transform((source) => source.slice('/orchestra/'.length)),
  ce_type: text,
  ce_time: z.iso.datetime().transform((time) => new Date(time)),
  ce_subject: text,
  ce_correlationid: text.optional(),
  ce_causationid: text.optional(),
  ce_generation: count,
  ce_hops: count,
  traceparent: z.string().max(64).optional(),
});

/**
 * The headers of a record.
 *
 * @see CloudEvents 1.0, Kafka protocol binding, section 3.2 (binary content mode)
 */
export function writeEnvelope(topic: string, envelope: Envelope): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: envelope.id,
    ce_source: `/orchestra/${envelope.source}`,
    ce_type: `dev.devopsorchestra.${topic}`,
    ce_time: envelope.time.toISOString(),
    ce_subject: envelope.subject,
    ce_dataschema: `${topic}-value`,
    ...(envelope.runId === null ? {} : { ce_correlationid: envelope.runId }),
    ...(envelope.causeId === null ? {} : { ce_causationid: envelope.causeId }),
    ce_generation: String(envelope.generation),
    ce_hops: String(envelope.hops),
    ...(envelope.traceparent === null ? {} : { traceparent: envelope.traceparent }),
    'content-type': 'application/avro',
  };
}

/** @throws OrchestraError `EVENT_ENVELOPE_INVALID`, not retriable, naming every header at fault */
export function readEnvelope(headers: Readonly<Record<string, string>>): Envelope {
  const result = headersShape.safeParse(headers);
  if (!result.success) throw invalid(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));

  const read = result.data;
  if (!isServiceName(read.ce_source)) throw invalid([`ce_source: ${read.ce_source} is no service`]);
  return {
    id: read.ce_id,
    source: read.ce_source,
    subject: read.ce_subject,
    time: read.ce_time,
    runId: read.ce_correlationid ?? null,
    causeId: read.ce_causationid ?? null,
    generation: read.ce_generation,
    hops: read.ce_hops,
    traceparent: read.traceparent ?? null,
  };
}

function invalid(problems: readonly string[]): OrchestraError {
  return new OrchestraError('EVENT_ENVELOPE_INVALID', `The record's headers are not valid: ${problems.join('; ')}`);
}
