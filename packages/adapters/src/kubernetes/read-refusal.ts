import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';

/** Why the API refused a request. */
export interface Refusal {
  status: number;
  /** The API's word, such as `Conflict` or `AlreadyExists`; 409 is used for several. */
  reason: string;
  message: string;
  /** Of a conflict over fields: who else manages what. */
  conflicts: readonly { field: string; message: string }[];
}

const cause = z.object({
  reason: z.string().default(''),
  message: z.string().default(''),
  field: z.string().default(''),
});
const status = z.object({
  reason: z.string().default(''),
  message: z.string().default(''),
  details: z.object({ causes: z.array(cause).default([]) }).default({ causes: [] }),
});
const exception = z.object({ code: z.int(), body: z.unknown() });

/** Reads what the client throws for an answer of 400 and above; null: it is something else. */
export function readRefusal(error: unknown): Refusal | null {
  const thrown = exception.safeParse(error);
  if (!thrown.success || !(error instanceof Error)) return null;
  const told = status.safeParse(parsed(thrown.data.body));
  const { reason, message, details } = told.success ? told.data : { reason: '', message: '', details: { causes: [] } };
  const conflicts = details.causes.filter((one) => one.reason === 'FieldManagerConflict');
  return { status: thrown.data.code, reason, message, conflicts };
}

// The client leaves the body of an error as the text that came.
function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Answers null where the API says that there is no such object. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (readRefusal(error)?.status === 404) return null;
    throw error;
  }
}

/** What the rest of the program is told of a refusal that waiting does not mend. */
export function deniedBy(error: unknown): unknown {
  const refusal = readRefusal(error);
  if (refusal === null) return error;
  const message = `The Kubernetes API refuses this: ${refusal.message || `HTTP ${refusal.status}`}`;
  return new OrchestraError('TARGET_DENIED', message, { cause: error });
}
