import { describe, expect, it } from '@jest/globals';
import type { Acting } from '../share-traffic.ts';
import { nameTarget } from '../target-names.ts';
import type { Routed } from './read-route.ts';
import { putBack } from './put-back.ts';
import { parseRoute } from './read-route.ts';

const names = nameTarget('ada/shop/production/web', 'shop');

/** A move that meets no cluster: nothing is to be written. */
function aMove(): Acting {
  const acting: Acting = Object.create(null);
  return Object.assign(acting, { names, epoch: 3 });
}

function routed(status: string | null): Routed {
  const conditions = [{ type: 'Accepted', status, reason: 'Said', message: '', observedGeneration: 2 }];
  const parents = status === null ? [] : [{ controllerName: 'traefik.io/gateway-controller', conditions }];
  const route = {
    metadata: { name: 'shop', resourceVersion: '7', generation: 3 },
    spec: { rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] },
    status: { parents },
  };
  return { name: 'shop', route: parseRoute(route, names), canary: null, isForeign: false };
}

describe('a route whose rules are back already', () => {
  it('is still waited for: the attempt that wrote them may have met the status of its gateway', async () => {
    const put = await putBack(aMove(), { service: {}, deployments: [], routed: routed('True') });

    expect(put).toMatchObject({ name: 'shop', generation: 3 });
  });

  it.each([[null], ['False']])('is not waited for where no gateway serves it: %s', async (status) => {
    expect(await putBack(aMove(), { service: {}, deployments: [], routed: routed(status) })).toBeNull();
  });
});
