import { describe, expect, it } from '@jest/globals';
import { plainRules, readShare, rulesSchema, sharedRules, type Rules } from './share-rules.ts';

const backends = { namespace: 'shop', stable: 'web', canary: 'web-canary' };
const port = { group: '', kind: 'Service', port: 80 };
const web = { ...port, name: 'web' };

function rules(...backendRefs: object[]): Rules {
  return rulesSchema.parse([{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs }]);
}

function shared(plain: Rules, percent: number) {
  const found = sharedRules(plain, backends, percent);
  if (found.kind === 'refused') throw new Error(found.why);
  return found;
}

describe('the rules of a route', () => {
  it('give the canary its share, and all requests with the header', () => {
    const found = shared(rules(web), 10);

    expect(found.rules).toEqual([
      {
        matches: [
          {
            path: { type: 'PathPrefix', value: '/' },
            headers: [{ type: 'Exact', name: 'canary', value: 'true' }],
          },
        ],
        backendRefs: [{ ...port, name: 'web-canary', weight: 1 }],
      },
      {
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        backendRefs: [
          { ...web, weight: 90 },
          { ...port, name: 'web-canary', weight: 10 },
        ],
      },
    ]);
    expect(readShare(found.rules, backends)).toBe(10);
  });

  it.each([0.5, 10, 33, 99.5])('at %s percent are read back as that', (percent) => {
    expect(readShare(shared(rules(web), percent).rules, backends)).toBe(percent);
  });

  it.each([
    ['one backend', rules(web)],
    ['one with a weight', rules({ ...web, weight: 7 })],
    ['another one beside it', rules({ ...web, weight: 90 }, { ...port, name: 'old', weight: 10 })],
    ['a Service of the same name elsewhere', [...rules(web), ...rules({ ...web, namespace: 'other' })]],
    ['a rule without traffic for it', [...rules(web), ...rules({ ...web, weight: 0 }, { ...port, name: 'b' })]],
    ['a redirect', rulesSchema.parse([...rules(web), { filters: [{ type: 'RequestRedirect' }] }])],
  ])('with %s are put back as they were', (_name, plain) => {
    const found = shared(plain, 20);

    expect(plainRules(found.rules, backends, found.was)).toEqual(plain);
    expect(plainRules(plain, backends, [])).toEqual(plain);
  });

  it('keep the shares of other backends, and of another target', () => {
    const plain = rules({ ...web, weight: 60 }, { ...port, name: 'old', weight: 40 });

    const [, rule] = shared(plain, 50).rules;

    expect(rule?.backendRefs).toEqual([
      { ...web, weight: 30 },
      { ...port, name: 'web-canary', weight: 30 },
      { ...port, name: 'old', weight: 40 },
    ]);
  });

  it('lose the canary also where somebody has changed them meanwhile', () => {
    const canary = { ...port, name: 'web-canary', weight: 30 };

    expect(plainRules([...rules(web), ...rules(canary)], backends, [5])).toEqual([
      ...rules(web),
      ...rules({ ...web, weight: 5 }).map((rule) => ({ ...rule, backendRefs: [{ ...web, weight: 30 }] })),
    ]);
    expect(plainRules(rules({ ...web, weight: 70 }, canary), backends, [1, 1])).toEqual(rules({ ...web, weight: 1 }));
  });

  it('leave a rule that looks at the header itself to whoever wrote it', () => {
    const headers = [{ name: 'Canary', value: 'never' }];
    const own = rulesSchema.parse([{ matches: [{ headers }], backendRefs: [web] }]);

    expect(shared(own, 10).rules).toHaveLength(1);
  });

  it.each([
    ['has no rule that leads to the Service web', rules({ ...port, name: 'api' }), 10],
    ['of which 10 % cannot be expressed', rules(web, { ...port, name: 'old' }), 10],
    ['16 at most', Array.from({ length: 9 }, () => rules(web)).flat(), 10],
  ])('are refused: %s', (why, plain, percent) => {
    expect(sharedRules(plain, backends, percent)).toEqual({ kind: 'refused', why: expect.stringContaining(why) });
  });
});
