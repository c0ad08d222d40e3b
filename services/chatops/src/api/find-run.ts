import {
  explainUnattended,
  findUnattended,
  judgeRun,
  type Overall,
  type RunState,
  type ShownUnattended,
} from '@orchestra/contracts';
import { OrchestraError, type ServiceContext } from '@orchestra/runtime';

const named = /^(?<repository>[^/#]+\/[^/#]+)#(?<sequence>[1-9][0-9]{0,8})$/;

/**
 * The run of this id, or of owner/name#number.
 *
 * @throws OrchestraError `NOT_FOUND`
 */
export async function findRun(name: string, { store }: Pick<ServiceContext, 'store'>): Promise<RunState> {
  const { repository, sequence } = named.exec(name)?.groups ?? {};
  const runId =
    repository === undefined || sequence === undefined ? name : await store.findRun(repository, Number(sequence));
  const run = runId === null ? null : await store.readRun(runId);
  if (run === null) throw new OrchestraError('NOT_FOUND', 'No such run');
  return run;
}

/** A run as the API shows it. */
export function showRun(run: RunState): { run: RunState; overall: Overall } {
  return { run, overall: judgeRun(run) };
}

/** The units of a run that nobody attends to now. */
export async function readUnattended(
  run: RunState,
  { store, clock }: Pick<ServiceContext, 'store' | 'clock'>,
): Promise<ShownUnattended[]> {
  if (run.endedAt !== null) return [];
  const now = clock.now();
  const found = findUnattended(run, await store.readJobs(run.runId), now);
  return found.map((each) => ({ ...each, text: explainUnattended(each, now) }));
}
