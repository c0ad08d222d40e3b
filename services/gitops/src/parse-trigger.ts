import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';

const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), 'must be one line of text');

const trigger = z.strictObject({
  /** owner/name, or a git URL of an allowed repository. */
  repository: line(1024),
  branch: line(255),
  commit_hash: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a full SHA in lower case'),
  author: line(200).optional(),
  /** The last environment that the run may reach. */
  environment: line(63).nullish(),
  metadata: z
    .record(line(100), z.string().max(1000))
    .refine((entries) => Object.keys(entries).length <= 50, 'must have at most 50 entries')
    .default({}),
});

export type TriggerBody = z.output<typeof trigger>;

/** @throws OrchestraError `REQUEST_INVALID`, naming every problem */
export function parseTrigger(body: Buffer): TriggerBody {
  const parsed = trigger.safeParse(readJson(body));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new OrchestraError('REQUEST_INVALID', problems.join('; '));
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new OrchestraError('REQUEST_INVALID', 'The body is no JSON', { cause });
  }
}
