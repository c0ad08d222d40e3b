import { describe, expect, it } from '@jest/globals';
import { createActor, killActor } from './actor.ts';
import { createRandom } from './random.ts';
import { createTimeline } from './timeline.ts';

function given() {
  const timeline = createTimeline(createRandom('timeline'));
  const heard: string[] = [];
  return { timeline, heard, say: (word: string) => () => void heard.push(`${word} ${timeline.nowMs()}`) };
}

describe('virtual time', () => {
  it('lets things happen in the order of their times, and stops where it is told to', async () => {
    const { timeline, heard, say } = given();
    for (const ms of [30, 10, 20, 50]) timeline.after(ms, null, say('at'));

    await timeline.run(40);

    expect(heard).toEqual(['at 10', 'at 20', 'at 30']);
    expect(timeline.nowMs()).toBe(40);
  });

  it('settles all that waits for no time before the next thing happens', async () => {
    const { timeline, heard, say } = given();
    timeline.after(1, null, () => void chain(5).then(say('settled')));
    timeline.after(2, null, say('next'));

    await timeline.run(10);

    expect(heard).toEqual(['settled 1', 'next 2']);
  });

  it('forgets what is cancelled and what a dead process waits for', async () => {
    const { timeline, heard, say } = given();
    const actor = createActor('build', 1);
    timeline.cancel(timeline.after(1, null, say('cancelled')));
    timeline.after(2, actor, say('dead'));
    killActor(actor);

    await timeline.run(10);

    expect(heard).toEqual([]);
  });

  it('keeps what a standing process waits for until it goes on', async () => {
    const { timeline, heard, say } = given();
    const actor = createActor('build', 1);
    timeline.after(2, actor, say('late'));
    actor.resumesAtMs = 7;

    await timeline.run(10);

    expect(heard).toEqual(['late 7']);
  });
});

async function chain(length: number): Promise<void> {
  for (let count = 0; count < length; count += 1) await Promise.resolve();
}
