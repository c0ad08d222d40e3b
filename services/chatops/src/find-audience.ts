import type { NotifyOn, RunState } from '@orchestra/contracts';
import type { ServiceContext } from '@orchestra/runtime';
import { z } from 'zod';
import type { Ports } from './ports.ts';

export interface Audience {
  channel: string;
  notifyOn: readonly NotifyOn[];
}

const plan = z.object({
  chatops: z.object({
    enabled: z.boolean(),
    platform: z.enum(['slack', 'none']),
    channel: z.string().nullable(),
    notifyOn: z.array(z.enum(['start', 'success', 'failure', 'rollback', 'approval'])),
  }),
});

const planLimitBytes = 1_048_576;

/** Who wants to hear of a run, and of what: as its pipeline file says; null: nobody. */
export async function findAudience(
  run: RunState,
  { artifacts }: Pick<ServiceContext, 'artifacts'>,
  { defaultChannel }: Ports,
): Promise<Audience | null> {
  const source = run.slices.gitops.source;
  if (source === undefined) return null;
  if (source.planDigest === null) {
    // The file could not be read, so it names no channel: only this failure is told.
    return defaultChannel === null ? null : { channel: defaultChannel, notifyOn: ['failure'] };
  }
  const { chatops } = plan.parse(
    JSON.parse((await artifacts.read(source.planDigest, planLimitBytes)).toString('utf8')),
  );
  if (!chatops.enabled || chatops.platform !== 'slack') return null;
  const channel = chatops.channel ?? defaultChannel;
  return channel === null ? null : { channel, notifyOn: chatops.notifyOn };
}
