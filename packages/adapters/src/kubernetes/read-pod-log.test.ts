import type { V1Pod } from '@kubernetes/client-node';
import { describe, expect, it } from '@jest/globals';
import { readPodLog } from './read-pod-log.ts';

const part = { tailLines: 5, limitBytes: 2000 };
const gone = 'unable to retrieve container logs for containerd://1';

/** Answers one reading after the other. */
function givenLogs(answers: readonly string[]) {
  const asked: boolean[] = [];
  return {
    asked,
    async readNamespacedPodLog({ previous = false }: { previous?: boolean }) {
      asked.push(previous);
      return answers[asked.length - 1] ?? '';
    },
  };
}

function aPod(endedBefore: boolean, ready = false): V1Pod {
  const lastState = endedBefore ? { terminated: { exitCode: 3 } } : {};
  const container = { name: 'app', image: 'i', imageID: '', ready, restartCount: 1, lastState };
  return { metadata: { name: 'web-1', namespace: 'shop' }, status: { containerStatuses: [container] } };
}

function refuse(): Promise<string> {
  return Promise.reject(new Error('no such node'));
}

describe('readPodLog', () => {
  it.each([
    { when: 'it never ended', ended: false, answers: ['begins'], text: 'begins', asked: [false] },
    { when: 'it ended before', ended: true, answers: ['no database'], text: 'no database', asked: [true] },
    {
      when: 'the one before was removed',
      ended: true,
      answers: [gone, 'no database'],
      text: 'no database',
      asked: [true, false],
    },
    {
      when: 'the next one has just begun',
      ended: true,
      answers: [gone, '', 'no database'],
      text: 'no database',
      asked: [true, false, true],
    },
    { when: 'all are removed', ended: true, answers: [gone, gone, gone], text: '', asked: [true, false, true] },
  ])('gives what the container printed last when $when', async ({ ended, answers, text, asked }) => {
    const logs = givenLogs(answers);

    expect(await readPodLog(logs, aPod(ended), part)).toBe(text);
    expect(logs.asked).toEqual(asked);
  });

  it('gives what a container prints that is ready again', async () => {
    const logs = givenLogs(['serves']);

    expect(await readPodLog(logs, aPod(true, true), part)).toBe('serves');
    expect(logs.asked).toEqual([false]);
  });

  it('gives nothing where nothing can be read', async () => {
    expect(await readPodLog({ readNamespacedPodLog: refuse }, aPod(false), part)).toBe('');
  });
});
