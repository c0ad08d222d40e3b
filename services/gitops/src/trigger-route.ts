import { isDeepStrictEqual } from 'node:util';
import type { Request, Router } from 'express';
import { allowsRole, findToken, OrchestraError, type ApiToken, type ServiceContext } from '@orchestra/runtime';
import { acceptDurably } from './accept-durably.ts';
import type { AcceptRoom, Place } from './accept-room.ts';
import { admitPush } from './admit-push.ts';
import type { Push } from './decide-push.ts';
import { parseTrigger, type TriggerBody } from './parse-trigger.ts';
import type { Ports } from './ports.ts';
import { readBody } from './read-body.ts';
import { resolveRepository, type AllowedRepository } from './repositories.ts';

const bodyLimitBytes = 65_536;
const keyForm = /^[\x21-\x7e]{1,255}$/;

/** `POST /trigger`: a person or a program asks for a run of one commit. What a token asked for is in the audit log, refused or not. */
export function routeTrigger(router: Router, ports: Ports & { room: AcceptRoom }, context: ServiceContext): void {
  const route = acceptDurably(context, ports.room, async (request, response, place) => {
    const token = findToken(ports.tokens, request.get('authorization'));
    if (token === null) throw new OrchestraError('NOT_AUTHORIZED', 'A bearer token is needed');
    const asked: Partial<TriggerBody> = {};
    const { runId, duplicate } = await triggerRun({ request, place, token, asked }, ports, context).catch(
      async (error: unknown) => {
        // A store that is away keeps no audit either; the caller asks again.
        if (error instanceof OrchestraError && !error.retriable) {
          await audit({ token, asked, outcome: error.code.toLowerCase(), runId: '' }, context);
        }
        throw error;
      },
    );
    await audit({ token, asked, outcome: duplicate ? 'duplicate' : 'accepted', runId }, context);
    response
      .status(duplicate ? 200 : 202)
      .location(`/api/v1/runs/${runId}`)
      .json({ runId, duplicate });
  });
  router.post('/trigger', route);
}

interface Triggering {
  request: Request;
  place: Place;
  token: ApiToken;
  /** Filled as soon as it is known, so that a refusal can be told with it. */
  asked: Partial<TriggerBody>;
}

async function triggerRun(
  { request, place, token, asked }: Triggering,
  ports: Ports,
  context: ServiceContext,
): Promise<{ runId: string; duplicate: boolean }> {
  if (!allowsRole(token.role, 'operator')) {
    throw new OrchestraError('NOT_PERMITTED', 'The token does not allow to start runs');
  }
  const body = parseTrigger(await readBody(request, bodyLimitBytes, place));
  Object.assign(asked, body);
  const allowed = resolveRepository(ports.repositories, body.repository);
  if (allowed === null) {
    throw new OrchestraError('REPOSITORY_NOT_ALLOWED', 'The repository is not on the allow-list');
  }
  return admit({ request, token, body, allowed }, ports, context);
}

interface Asked {
  request: Request;
  token: ApiToken;
  body: TriggerBody;
  allowed: AllowedRepository;
}

async function admit(
  { request, token, body, allowed }: Asked,
  ports: Ports,
  context: ServiceContext,
): Promise<{ runId: string; duplicate: boolean }> {
  const key = request.get('idempotency-key') ?? context.ids.next();
  if (!keyForm.test(key)) throw new OrchestraError('REQUEST_INVALID', 'The Idempotency-Key is not printable ASCII');
  // A key is one person's: two people with the same one do not see each other's runs.
  const name = `trigger:${token.name}:${key}`;
  const push = pushOf(body, { allowed, token });
  const admitted = await admitPush(
    {
      push,
      allowed,
      delivery: name,
      content: name,
      environmentLimit: body.environment ?? null,
      metadata: body.metadata,
      actor: token.name,
      maxSupersedes: ports.maxSupersedes,
    },
    context,
  );
  if (admitted.kind === 'known') await checkSame(admitted.runId, { push, body }, context);
  return { runId: admitted.runId, duplicate: admitted.kind === 'known' };
}

function pushOf(body: TriggerBody, { allowed, token }: Pick<Asked, 'allowed' | 'token'>): Push {
  return {
    repository: allowed.repository,
    ref: `refs/heads/${body.branch}`,
    branch: body.branch,
    commit: body.commit_hash,
    before: null,
    author: body.author ?? token.name,
    message: null,
    trigger: 'MANUAL',
    pullRequest: null,
  };
}

// The same key with another request is a mistake of the caller, not a repeat.
async function checkSame(
  runId: string,
  { push, body }: { push: Push; body: TriggerBody },
  { store }: ServiceContext,
): Promise<void> {
  const run = await store.readRun(runId);
  if (run === null) return;
  const asked = [push.repository, push.commit, push.ref, body.environment ?? null, body.metadata];
  const ran = [run.repository, run.commit, run.ref, run.environmentLimit, run.metadata];
  if (!isDeepStrictEqual(asked, ran))
    throw new OrchestraError('REQUEST_INVALID', 'The Idempotency-Key was used for another request');
}

interface Audited {
  token: ApiToken;
  asked: Partial<TriggerBody>;
  outcome: string;
  runId: string;
}

async function audit({ token, asked, outcome, runId }: Audited, { store, clock }: ServiceContext): Promise<void> {
  const { repository = '', branch = '', commit_hash: commit = '', environment } = asked;
  await store.audit({
    at: clock.now().toISOString(),
    service: 'gitops',
    actor: token.name,
    action: 'trigger',
    outcome,
    runId,
    repository,
    branch,
    commit,
    environment: environment ?? '',
  });
}
