import { eventually } from '@orchestra/testkit';
import type { Step } from './scenario.ts';
import type { Story } from './story.ts';

type Of<K extends string> = Extract<Step, Record<K, unknown>>[K & keyof Extract<Step, Record<K, unknown>>];

/** A person's order about a run. */
export async function order({ run, action, unit }: Of<'order'>, { platform, runs }: Story): Promise<void> {
  const runId = runs.get(run)?.runId ?? run;
  await platform.api.order(`/runs/${runId}/${action}`, unit === undefined ? {} : { unit });
}

/** A person lets the version of a push out of quarantine; the step ends once nothing of the repository is held back. */
export async function letOut({ commitOf }: Of<'letOut'>, { platform, name, runs }: Story): Promise<void> {
  await platform.api.order('/quarantine/release', { repository: name, key: runs.get(commitOf)?.push.after });
  await eventually({
    see: () => platform.api.read<{ quarantine: unknown[] }>(`/quarantine?repository=${encodeURIComponent(name)}`),
    until: ({ quarantine }) => quarantine.length === 0,
  });
}
