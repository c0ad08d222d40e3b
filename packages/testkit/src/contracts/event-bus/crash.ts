import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type Place, recordsOf, setStage } from './place.ts';
import { read } from './reader.ts';

/** What a killed consumer leaves behind. */
export function testCrash(place: Place): void {
  it('brings a record again whose consumer was killed before it could say so', async () => {
    const { bus, topic, group } = await setStage(place);
    await bus.publish(recordsOf(topic, ['a'], 4));
    // An embedded bus belongs to one process at a time.
    await bus.close();

    const takenByTheDead = await consumeAndDie({ ...place.harness().crash, topic, group });
    const reader = await read({ bus: await place.open(), group, topics: [topic] });
    await reader.sees(['a-2', 'a-3', 'a-4']);

    expect(takenByTheDead).toEqual(['a-1', 'a-2']);
    // The first one may come twice, for its position was not necessarily committed yet. The order holds.
    expect(['a-1', 'a-2', 'a-3', 'a-4'].slice(-reader.values().length)).toEqual(reader.values());
  });
}

async function consumeAndDie(order: Record<'argument' | 'group' | 'module' | 'topic', string>): Promise<string[]> {
  const program = new URL('crashing-consumer.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--conditions=source', program, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
  return output.trim().split('\n');
}
