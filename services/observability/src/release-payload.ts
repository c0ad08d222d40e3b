import { z } from 'zod';
import type { Subject } from './report.ts';

const schema = z.object({ environment: z.string(), service: z.string(), release: z.string(), epoch: z.int() });

/** The release that a task of this service is about, from its payload. */
export function parseReleasePayload(given: unknown): Subject {
  return { ...schema.parse(given), step: 0 };
}
