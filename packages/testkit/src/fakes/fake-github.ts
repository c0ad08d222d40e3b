import type { GithubStatusAnswer } from '@orchestra/adapters/forge';
import { startHttpFake, type FakeAnswer, type HttpFake, type SeenRequest } from './http-fake.ts';

/** A commit status as GitHub was asked for it. */
export interface ShownStatus {
  repository: string;
  commit: string;
  context: string;
  state: string;
  description: string;
  target_url: string | null;
}

export interface FakeGithub extends HttpFake {
  /** All statuses, oldest first. */
  statuses: ShownStatus[];
}

const statusPath = /^\/repos\/(?<repository>[^/]+\/[^/]+)\/statuses\/(?<commit>[0-9a-f]{40})$/;

/** A stand-in for the part of GitHub's REST API that gitops writes to. Refuses what GitHub refuses. */
export async function startFakeGithub(): Promise<FakeGithub> {
  const statuses: ShownStatus[] = [];
  const fake = await startHttpFake((request) => answer(request, statuses));
  return { ...fake, statuses };
}

function answer({ method, path, body, headers }: SeenRequest, statuses: ShownStatus[]): FakeAnswer {
  const { repository, commit } = statusPath.exec(path)?.groups ?? {};
  if (headers['authorization'] === undefined) return refusal(401, 'Requires authentication');
  if (method !== 'POST' || repository === undefined || commit === undefined) return refusal(404, 'Not Found');

  const asked: Partial<ShownStatus> = JSON.parse(body);
  const state = ['pending', 'success', 'failure', 'error'].find((word) => word === asked.state);
  const shown = { context: 'default', description: '', target_url: null, ...asked };
  if (state === undefined || shown.description.length > 140) return refusal(422, 'Validation Failed');
  statuses.push({ ...shown, repository, commit, state });
  return { status: 201, body: created({ ...shown, id: statuses.length, state }) };
}

function refusal(status: number, message: string): FakeAnswer {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) } };
}

type Created = Pick<GithubStatusAnswer, 'id' | 'context' | 'state' | 'description' | 'target_url'>;

// Recorded from api.github.com, without the creator's profile.
function created(status: Created): Omit<GithubStatusAnswer, 'creator'> & { creator: null } {
  return {
    ...status,
    url: `https://api.github.com/repos/acme/shop/statuses/${status.id}`,
    avatar_url: 'https://avatars.githubusercontent.com/u/1?v=4',
    node_id: 'MDEzOlN0YXR1c0NvbnRleHQ=',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    creator: null,
  };
}
