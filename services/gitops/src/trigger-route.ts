import { isDeepStrictEqual } from 'node:util';
import type { Request, Router } from 'express';
import { allowsRole, findToken, OrchestraError, type ApiToken, type ServiceContext } from '@orchestra/runtime';
import { acceptDurably } from './accept-durably.ts';
import type { AcceptRoom } from './accept-room.ts';
import { admitPush } from './admit-push.ts';
import type { Push } from './decide-push.ts';
import { parseTrigger, type TriggerBody } from './parse-trigger.ts';
import type { Ports } from './ports.ts';
import { readBody } from './read-body.ts';
import { resolveRepository, type AllowedRepository } from './repositories.ts';

const bodyLimitBytes = 65_536;
const keyForm = /^[\x21-\x7e]{1,255}$/;

/** `POST /trigger`: a person or a program asks for a run of one commit. Each one that a token may make is in the audit log. */
export function routeTrigger(router: Router, ports: Ports & { room: AcceptRoom }, context: ServiceContext): void {
  const route = acceptDurably(context, ports.room, async (request, response, place) => {
    const token = authorize(request, ports);
    const body = parseTrigger(await readBody(request, bodyLimitBytes, place));
    const allowed = resolveRepository(ports.repositories, body.repository);
    if (allowed === null) {
      await audit({ token, body, outcome: 'repository_not_allowed', runId: '' }, context);
      throw new OrchestraError('REPOSITORY_NOT_ALLOWED', 'The repository is not on the allow-list');
    }
    const { runId, duplicate } = await admit({ request, token, body, allowed }, ports, context);
    await audit({ token, body, outcome: duplicate ? 'duplicate' : 'accepted', runId }, context);
    response
      .status(duplicate ? 200 : 202)
      .location(`/api/v1/runs/${runId}`)
      .json({ runId, duplicate });
  });
  router.post('/trigger', route);
}

function authorize(request: Request, { tokens }: Ports): ApiToken {
  const token = findToken(tokens, request.get('authorization'));
  if (token === null) throw new OrchestraError('NOT_AUTHORIZED', 'A bearer token is needed');
  if (!allowsRole(token.role, 'operator')) {
    throw new OrchestraError('NOT_PERMITTED', 'The token does not allow to start runs');
  }
  return token;
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
  body: TriggerBody;
  outcome: string;
  runId: string;
}

async function audit({ token, body, outcome, runId }: Audited, { store, clock }: ServiceContext): Promise<void> {
  const { repository, branch, commit_hash: commit, environment } = body;
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
