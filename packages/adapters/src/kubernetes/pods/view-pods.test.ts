import { describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { linesBetween } from './read-new-lines.ts';
import { viewPods } from './view-pods.ts';

const release = 'r2';
const labels = { 'devops-orchestra.io/release': release };

function aPod(status: object, container: object = {}, removed: object = {}): V1Pod {
  const containerStatuses = [{ name: 'web', image: '', imageID: '', ready: false, restartCount: 0, ...container }];
  return { metadata: { name: 'web-1', labels, ...removed }, status: { containerStatuses, ...status } };
}

const isReady = [{ type: 'Ready', status: 'True' }];
const isNot = [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: 'unready: [web]' }];
const killed = { exitCode: 137, reason: 'OOMKilled' };

describe('viewPods', () => {
  it('has nothing to tell of a pod that is well', () => {
    expect(
      viewPods([aPod({ phase: 'Running', conditions: isReady }, { ready: true, state: { running: {} } })]),
    ).toEqual([
      { name: 'web-1', release, ready: true, restarts: 0, over: false, trouble: null, told: '', container: 'web' },
    ]);
  });

  it('names why a container keeps ending, how it ended and how often', () => {
    const state = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } };
    const status = { state, lastState: { terminated: killed }, restartCount: 3 };

    expect(viewPods([aPod({ phase: 'Running', conditions: isNot }, status)])).toMatchObject([
      {
        ready: false,
        restarts: 3,
        trouble: 'CrashLoopBackOff',
        told: 'CrashLoopBackOff: back-off 10s; web ended with 137 (OOMKilled), restarted 3 times; ContainersNotReady: unready: [web]',
      },
    ]);
  });

  it.each([
    {
      what: 'an image that is not there',
      status: { state: { waiting: { reason: 'ImagePullBackOff' } } },
      trouble: 'ImagePullBackOff',
    },
    { what: 'a container that was just killed', status: { state: { terminated: killed } }, trouble: 'OOMKilled' },
    {
      what: 'a container that is being made',
      status: { state: { waiting: { reason: 'ContainerCreating' } } },
      trouble: null,
    },
    { what: 'a job that is done', status: { state: { terminated: { exitCode: 0 } } }, trouble: null },
    {
      what: 'a restart that is over',
      status: { state: { running: {} }, lastState: { terminated: killed }, restartCount: 1 },
      trouble: null,
    },
  ])('says of $what: $trouble', ({ status, trouble }) => {
    expect(viewPods([aPod({ phase: 'Running' }, status)])).toMatchObject([{ trouble }]);
  });

  it('tells of an eviction, and that the pod does not come back', () => {
    const evicted = {
      phase: 'Failed',
      reason: 'Evicted',
      message: 'The node was low on memory',
      containerStatuses: [],
    };

    expect(viewPods([aPod(evicted)])).toMatchObject([
      { over: true, trouble: 'Evicted', told: 'Evicted: The node was low on memory', container: null },
    ]);
  });

  it('leaves out a pod that is being removed', () => {
    expect(viewPods([aPod({ phase: 'Running' }, {}, { deletionTimestamp: new Date() })])).toEqual([]);
  });
});

describe('linesBetween', () => {
  it('reads each line in one of two times that follow each other', () => {
    const log = '2026-01-01T00:00:01.5Z one\n2026-01-01T00:00:02.000000001Z two\n2026-01-01T00:00:03Z \nno time\n';
    const [begin, middle, end] = [1, 2, 4].map((second) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)));

    expect(linesBetween(log, begin ?? new Date(), middle ?? new Date())).toEqual(['one']);
    expect(linesBetween(log, middle ?? new Date(), end ?? new Date())).toEqual(['two', '']);
  });
});
