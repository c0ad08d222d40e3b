import { describe, expect, it } from '@jest/globals';
import type { Ended } from '@orchestra/runtime';
import { aCodePush } from '@orchestra/testkit';
import { withPushNames } from './push-names.ts';

const ended: Ended<'gitops'> = {
  kind: 'end',
  status: 'success',
  events: [{ topic: 'code_push', data: aCodePush({ commit: 'c1' }) }],
};

describe('withPushNames', () => {
  it('tells with the push under which names it is known again', () => {
    const { events } = withPushNames({ delivery: 'github:1', content: 'push acme/shop c1' }, ended);

    expect(events).toMatchObject([{ data: { commit: 'c1', delivery: 'github:1', content: 'push acme/shop c1' } }]);
  });

  it.each([{}, null, 'nonsense', { delivery: 7 }])('tells none where the job has none: %j', (payload) => {
    expect(withPushNames(payload, ended).events).toMatchObject([{ data: { delivery: null, content: null } }]);
  });
});
