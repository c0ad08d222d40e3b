import { eventually } from '@orchestra/testkit';
import type { Story } from './story.ts';

/** A person holds up releases to an environment; the step ends once that holds. */
export async function freeze(place: { environment: string; note: string }, story: Story): Promise<void> {
  await story.platform.api.order('/freezes', { ...place, repository: story.name });
  await isFrozen(story, place.environment, true);
}

/** A person lets releases go on. */
export async function unfreeze({ environment }: { environment: string }, story: Story): Promise<void> {
  await story.platform.api.order('/freezes/end', { environment, repository: story.name });
  await isFrozen(story, environment, false);
}

async function isFrozen({ platform, name }: Story, environment: string, wanted: boolean): Promise<void> {
  const path = `/freezes?repository=${encodeURIComponent(name)}`;
  await eventually({
    see: () => platform.api.read<{ freezes: { environment: string }[] }>(path),
    until: ({ freezes }) => freezes.some((one) => one.environment === environment) === wanted,
  });
}
