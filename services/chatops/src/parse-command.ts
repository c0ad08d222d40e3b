import type { OperatorCommand } from '@orchestra/contracts';
import { z } from 'zod';

const text = z.string().nullable();

const command = z.strictObject({
  commandId: z.string(),
  version: z.literal(1),
  action: z.enum([
    'CANCEL',
    'RETRY',
    'RUN',
    'PROMOTE',
    'APPROVE',
    'REJECT',
    'ROLLBACK',
    'RESOLVE',
    'RELEASE_QUARANTINE',
    'FREEZE',
    'UNFREEZE',
    'EXTEND_WATCH',
    'DESTROY',
  ]),
  actor: z.string(),
  source: z.enum(['API', 'CLI', 'DASHBOARD']),
  addressee: z.string(),
  repository: text,
  runId: text,
  generation: z.int().nullable(),
  unit: text,
  environment: text,
  service: text,
  release: text,
  digest: text,
  force: z.boolean(),
  // Absent in an order that an older version has kept.
  resolution: text.default(null),
  until: text.default(null),
  seconds: z.int().nullable().default(null),
  reason: text,
}) satisfies z.ZodType<OperatorCommand>;

export type Command = z.output<typeof command>;

/** Reads back the command that the API put into the queue. Throws ZodError for anything else: a bug of ours. */
export function parseCommand(payload: unknown): Command {
  return command.parse(payload);
}
