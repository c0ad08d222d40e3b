import type { CommitStatus, Forge } from '@orchestra/adapters/forge';
import type { RunState } from '@orchestra/contracts';
import { OrchestraError, type ServiceContext } from '@orchestra/runtime';
import { decideStatuses, type WantedStatus } from './decide-statuses.ts';
import type { Ports } from './ports.ts';
import { ensureDeadlineTimer } from './watch-deadline.ts';

/** Shows a run beside its commit: only what differs from what was shown before. Never delays the run itself. */
export async function renderStatuses(
  run: RunState,
  context: ServiceContext,
  ports: Ports,
): Promise<Readonly<Record<string, unknown>>> {
  await ensureDeadlineTimer(run, context);
  if (ports.forge === null) return {};

  const shown = run.slices.gitops.statuses ?? {};
  const wanted = decideStatuses(run).filter((status) => shown[status.context] !== nameOf(status));
  for (const status of wanted) await show(ports.forge, statusOf(status, run, ports), context);
  if (wanted.length === 0) return {};
  return { statuses: { ...shown, ...Object.fromEntries(wanted.map((status) => [status.context, nameOf(status)])) } };
}

function nameOf({ state, description }: WantedStatus): string {
  return `${state} ${description}`;
}

function statusOf(wanted: WantedStatus, { repository, commit, runId }: RunState, { publicUrl }: Ports): CommitStatus {
  const url = publicUrl === null ? null : `${publicUrl}/runs/${runId}`;
  return { ...wanted, repository, commit, url };
}

// What the forge refuses it would refuse again: a line in the log, not a loop.
async function show(forge: Forge, status: CommitStatus, { log, stopping }: ServiceContext): Promise<void> {
  try {
    await forge.setStatus(status, stopping);
  } catch (error) {
    if (!(error instanceof OrchestraError) || error.retriable) throw error;
    log.warn({ err: error, repository: status.repository, context: status.context }, 'commit status refused');
  }
}
