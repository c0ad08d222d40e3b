import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { OrchestraError } from '@orchestra/contracts';
import { refused } from '../client/refused.ts';
import { findAddress } from '../up/address.ts';
import { findCredentials } from '../up/credentials.ts';

interface SendTrigger {
  body: {
    repository: string;
    branch: string;
    commit_hash: string;
    environment: string | undefined;
    author: string | undefined;
    metadata: Readonly<Record<string, string>>;
  };
  /** Idempotency-Key; absent: one of its own, so that a repeated request is no second run. */
  key: string | undefined;
  /** ORCHESTRA_TRIGGER_URL (where gitops has an address of its own), ORCHESTRA_URL and ORCHESTRA_TRIGGER_TOKEN come before the data folder. */
  environment: Readonly<Record<string, string | undefined>>;
  folder: string;
}

export interface Triggered {
  runId: string;
  /** The key began this run before. */
  duplicate: boolean;
}

const timeoutMs = 30_000;

/**
 * Asks for a run of one commit.
 *
 * @throws OrchestraError `SERVER_UNREACHABLE`; `NOT_AUTHORIZED` without a token, or with one that does not allow it;
 *   `REQUEST_INVALID` with every problem
 */
export async function sendTrigger({ body, key = randomUUID(), environment, folder }: SendTrigger): Promise<Triggered> {
  const url = await findUrl(environment, folder);
  const token = environment['ORCHESTRA_TRIGGER_TOKEN'] ?? (await findCredentials(resolve(folder)))?.triggerToken;
  if (token === undefined) {
    throw new OrchestraError('NOT_AUTHORIZED', `No token to begin runs at ${url}: set ORCHESTRA_TRIGGER_TOKEN`);
  }
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    'idempotency-key': key,
  };
  const response = await reach(`${url}/trigger`, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw refused(response.status, text);
  return parseTriggered(text, url);
}

async function findUrl(environment: SendTrigger['environment'], folder: string): Promise<string> {
  const named = environment['ORCHESTRA_TRIGGER_URL'] ?? environment['ORCHESTRA_URL'];
  const url = named ?? (await findAddress(resolve(folder)))?.url;
  if (url !== undefined) return url.replace(/\/+$/, '');
  throw new OrchestraError(
    'SERVER_UNREACHABLE',
    `Nothing runs on ${folder}: start \`orchestra up\`, or set ORCHESTRA_URL`,
  );
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    throw new OrchestraError('SERVER_UNREACHABLE', `The platform does not answer at ${url}`, {
      cause,
      retriable: true,
    });
  }
}

function parseTriggered(text: string, url: string): Triggered {
  try {
    const { runId, duplicate }: { runId?: unknown; duplicate?: unknown } = JSON.parse(text);
    if (typeof runId === 'string') return { runId, duplicate: duplicate === true };
  } catch {
    // It is no JSON, so it is not from a platform.
  }
  throw new OrchestraError('SERVER_UNREACHABLE', `What answers at ${url} is no platform`);
}
