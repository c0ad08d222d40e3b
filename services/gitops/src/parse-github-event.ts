import { z } from 'zod';

// Text that cannot be stored as UTF-8 is no text of a forge.
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed(), 'is not well-formed text');

const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const ref = text(1024).regex(/^refs\/\P{Cc}+$/u);
const repository = z.object({ full_name: text(201) });
const anyText = z.string().transform((value) => value.toWellFormed());

const push = z.object({
  ref,
  before: sha,
  after: sha,
  deleted: z.boolean(),
  // When the forge took the push, in seconds since 1970.
  repository: repository.extend({ pushed_at: z.number().optional().catch(undefined) }),
  pusher: z.object({ name: anyText }).nullish(),
  head_commit: z.object({ message: anyText, author: z.object({ name: anyText }).nullish() }).nullish(),
});

const pullRequest = z.object({
  action: text(100),
  number: z.int().min(1),
  repository,
  pull_request: z.object({
    title: anyText,
    user: z.object({ login: anyText }).nullish(),
    base: z.object({ sha, repo: repository }),
    head: z.object({ sha, ref: text(1024), repo: repository.nullish() }),
  }),
});

export type PushPayload = z.output<typeof push>;
export type PullRequestPayload = z.output<typeof pullRequest>;

export type GithubEvent =
  | { kind: 'push'; payload: PushPayload }
  | { kind: 'pull_request'; payload: PullRequestPayload }
  | { kind: 'other'; name: string }
  | { kind: 'malformed' };

/** Reads what gitops needs of a GitHub event; the rest of the payload is not looked at. */
export function parseGithubEvent(name: string, payload: object): GithubEvent {
  if (name === 'push') return readAs(push, payload, (read) => ({ kind: 'push', payload: read }));
  if (name === 'pull_request') return readAs(pullRequest, payload, (read) => ({ kind: 'pull_request', payload: read }));
  return { kind: 'other', name };
}

function readAs<T>(schema: z.ZodType<T>, payload: object, make: (read: T) => GithubEvent): GithubEvent {
  const read = schema.safeParse(payload);
  return read.success ? make(read.data) : { kind: 'malformed' };
}
