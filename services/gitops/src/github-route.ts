import type { Request, Response, Router } from 'express';
import type { Admitted, ServiceContext } from '@orchestra/runtime';
import { acceptDurably } from './accept-durably.ts';
import type { AcceptRoom, Place } from './accept-room.ts';
import { admitPush } from './admit-push.ts';
import { decidePush, type IgnoreReason, type Push } from './decide-push.ts';
import { parseGithubEvent, type GithubEvent, type PushPayload } from './parse-github-event.ts';
import type { Ports } from './ports.ts';
import { readBody } from './read-body.ts';
import { findRepository } from './repositories.ts';

// What GitHub sends at most.
const bodyLimitBytes = 26_214_400;
const deliveryForm = /^[A-Za-z0-9-]{1,100}$/;

/** `POST /webhooks/github`: signed, capped before it is buffered, answered when the run is durable. */
export function routeGithub(router: Router, ports: Ports & { room: AcceptRoom }, context: ServiceContext): void {
  const route = acceptDurably(context, ports.room, async (request, response, place) => {
    respond(response, await receive({ request, place }, ports, context));
  });
  router.post('/webhooks/github', route);
}

type Answer =
  | { kind: 'run'; admitted: Admitted }
  | { kind: 'ignored'; reason: IgnoreReason }
  | { kind: 'refused'; status: 400 | 401; code: 'NOT_AUTHORIZED' | 'REQUEST_INVALID'; message: string };

interface Incoming {
  request: Request;
  place: Place;
}

async function receive({ request, place }: Incoming, ports: Ports, context: ServiceContext): Promise<Answer> {
  const body = await readBody(request, bodyLimitBytes, place);
  const event = request.get('x-github-event');
  const read = await ports.webhooks.read({ body, event, signature: request.get('x-hub-signature-256') });
  if (read.kind === 'refused') {
    if (read.reason === 'signature') return refused(401, 'NOT_AUTHORIZED', 'The signature does not match');
    return refused(400, 'REQUEST_INVALID', 'The body is not the JSON of a GitHub event');
  }
  const delivery = request.get('x-github-delivery') ?? '';
  if (!deliveryForm.test(delivery)) return refused(400, 'REQUEST_INVALID', 'The delivery id is missing');

  const parsed = parseGithubEvent(read.name, read.payload);
  if (parsed.kind === 'malformed') return refused(400, 'REQUEST_INVALID', 'The payload does not fit its event');
  return decide({ parsed, delivery }, ports, context);
}

interface Delivered {
  parsed: Exclude<GithubEvent, { kind: 'malformed' }>;
  delivery: string;
}

async function decide({ parsed, delivery }: Delivered, ports: Ports, context: ServiceContext): Promise<Answer> {
  const decision = decidePush(parsed, ports.allowForks);
  if (decision.kind === 'ignore') {
    context.log.debug({ reason: decision.reason, delivery }, 'delivery ignored');
    return { kind: 'ignored', reason: decision.reason };
  }
  const { push } = decision;
  const allowed = findRepository(ports.repositories, push.repository);
  if (allowed === null) {
    context.log.info({ repository: push.repository, delivery }, 'delivery of an unknown repository ignored');
    return { kind: 'ignored', reason: 'unknown_repository' };
  }
  const admitted = await admitPush(
    {
      push,
      allowed,
      delivery: `github:${delivery}`,
      content: contentOf(push),
      environmentLimit: null,
      metadata: pusherOf(parsed),
      actor: null,
      maxSupersedes: ports.maxSupersedes,
      ...(parsed.kind === 'push' ? { head: { by: 'told', pushedAtMs: pushedAtMs(parsed.payload) } } : {}),
    },
    context,
  );
  context.log.info({ runId: admitted.runId, delivery, admitted: admitted.kind }, 'delivery accepted');
  return { kind: 'run', admitted };
}

// Who pushed may be another person than the author of the commit; neither approves their own release.
function pusherOf(parsed: Delivered['parsed']): Readonly<Record<string, string>> {
  const name = parsed.kind === 'push' ? parsed.payload.pusher?.name : undefined;
  return name === undefined ? {} : { pusher: name.slice(0, 200) };
}

// How far the clocks of forge and store may differ. A newer push that is taken for an older one is found at the next look.
const skewMs = 5_000;

function pushedAtMs({ repository: { pushed_at: seconds } }: PushPayload): number | null {
  return seconds === undefined ? null : seconds * 1000 - skewMs;
}

function contentOf({ repository, ref, before, commit }: Push): string {
  return ['push', repository, ref, before ?? '-', commit].join(' ');
}

function refused(status: 400 | 401, code: 'NOT_AUTHORIZED' | 'REQUEST_INVALID', message: string): Answer {
  return { kind: 'refused', status, code, message };
}

function respond(response: Response, answer: Answer): void {
  switch (answer.kind) {
    case 'run': {
      const { runId, kind } = answer.admitted;
      const known = kind === 'known';
      response
        .status(known ? 200 : 202)
        .location(`/api/v1/runs/${runId}`)
        .json({ runId, duplicate: known });
      return;
    }
    case 'ignored':
      response.status(202).json({ ignored: true, reason: answer.reason });
      return;
    case 'refused':
      response.status(answer.status).json({ code: answer.code, message: answer.message });
  }
}
