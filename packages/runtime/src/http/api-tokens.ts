import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** What a token may do; each role may do what those before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** A token as it is kept: its SHA-256, never the token itself. */
export interface ApiToken {
  /** Who acts when it is used. */
  name: string;
  role: Role;
  /** 32 bytes. */
  digest: Buffer;
}

const entry = /^(?<name>[A-Za-z0-9][A-Za-z0-9._@-]{0,99}):(?<role>viewer|operator|admin):(?<digest>[0-9a-f]{64})$/;

/** Reads the setting of tokens: comma-separated `name:role:sha256-of-the-token-in-hex`. Empty: nobody. */
export const apiTokens = z
  .string()
  .default('')
  .transform((text, context): readonly ApiToken[] => {
    const entries = text.split(',').map((part) => part.trim());
    return entries.filter((part) => part !== '').flatMap((part) => readEntry(part) ?? refuse(context));
  });

function readEntry(part: string): ApiToken | null {
  const { name, role, digest } = entry.exec(part)?.groups ?? {};
  const known = roles.find((each) => each === role);
  if (name === undefined || known === undefined || digest === undefined) return null;
  return { name, role: known, digest: Buffer.from(digest, 'hex') };
}

// The entry itself is not shown: somebody may have put the token there.
function refuse(context: z.RefinementCtx): never[] {
  context.addIssue({ code: 'custom', message: 'each entry is name:role:sha256, with role viewer, operator or admin' });
  return [];
}

/** The SHA-256 of a token in hex, as settings want it. */
export function digestToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * The token that an `Authorization` header carries, or null. Digests are compared in constant time, all of them each time,
 * so that neither a token's bytes nor its place in the list can be measured.
 */
export function findToken(tokens: readonly ApiToken[], header: string | undefined): ApiToken | null {
  const given = /^Bearer ([\x21-\x7e]{1,512})$/.exec(header ?? '')?.[1];
  if (given === undefined) return null;
  const digest = createHash('sha256').update(given).digest();
  let found: ApiToken | null = null;
  for (const token of tokens) {
    if (timingSafeEqual(token.digest, digest)) found = token;
  }
  return found;
}

/** Whether a role is enough. */
export function allowsRole(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
