import { infrastructureQuestion, OrchestraError, readInfrastructureUnit } from '@orchestra/contracts';
import { eventually } from '@orchestra/testkit';
import type { Step } from './scenario.ts';
import type { Story } from './story.ts';

type Of<K extends string> = Extract<Step, Record<K, unknown>>[K & keyof Extract<Step, Record<K, unknown>>];

/** A person asks for a run of a commit of which the forge tells nothing. */
export async function trigger({ as, environment }: Of<'trigger'>, story: Story): Promise<void> {
  const { platform, name, repository, runs } = story;
  const push = await repository.commit(as);
  const body = { repository: name, branch: 'main', commit_hash: push.after, environment };
  const response = await fetch(`${platform.url}/trigger`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${platform.triggerToken}` },
    body: JSON.stringify(body),
  });
  const answer: { runId?: string } = JSON.parse(await response.text());
  if (answer.runId === undefined) throw new OrchestraError('REQUEST_INVALID', JSON.stringify(answer));
  runs.set(as, { runId: answer.runId, push });
}

/** A person's order about a run. An answer names the content that is asked about. */
export async function order(
  { run, action, unit, by, contentOf }: Of<'order'>,
  { platform, runs }: Story,
): Promise<void> {
  const runId = runs.get(run)?.runId ?? run;
  const api = by === undefined ? platform.api : platform.apiOf(by);
  const asked = contentOf === undefined ? runId : (runs.get(contentOf)?.runId ?? contentOf);
  const digest = unit === undefined ? null : await questionOf(asked, unit, platform);
  await api.order(
    `/runs/${runId}/${action}`,
    unit === undefined ? {} : { unit, ...(digest === null ? {} : { digest }) },
  );
}

async function questionOf(runId: string, unit: string, { api }: Story['platform']): Promise<string | null> {
  const { run } = await api.readRun(runId);
  const environment = readInfrastructureUnit(unit);
  if (environment !== null) return infrastructureQuestion(run.slices.iac[environment])?.digest ?? null;
  const rollout = run.slices.deploy[unit.slice('deploy/'.length)];
  return run.units[unit]?.reason === 'health_unclear' ? null : (rollout?.approval?.digest ?? null);
}

/** A person brings what a run has built to an environment. */
export async function promote({ run, environment }: Of<'promote'>, { platform, runs }: Story): Promise<void> {
  await platform.api.order(`/runs/${runs.get(run)?.runId ?? run}/promote`, { environment });
}

/** A person takes back what serves in a target. */
export async function rollBack({ environment, service }: Of<'rollBack'>, { platform, name }: Story): Promise<void> {
  const target = [name, environment, service].map(encodeURIComponent).join('/');
  await platform.api.order(`/targets/${target}/rollback`, { reason: 'a test of people' });
}

/** A person lets the version of a push out of quarantine; the step ends once nothing of the repository is held back. */
export async function letOut({ commitOf }: Of<'letOut'>, { platform, name, runs }: Story): Promise<void> {
  await platform.api.order('/quarantine/release', {
    repository: name,
    key: runs.get(commitOf)?.push.after,
    reason: 'a test of people',
  });
  await eventually({
    see: () => platform.api.read<{ quarantine: unknown[] }>(`/quarantine?repository=${encodeURIComponent(name)}`),
    until: ({ quarantine }) => quarantine.length === 0,
  });
}
