import type { ServiceContext } from '@orchestra/runtime';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import { destructionRoutes } from './destruction-routes.ts';
import { freezeRoutes } from './freeze-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { packetRoutes } from './packet-routes.ts';
import { promotionRoutes } from './promotion-routes.ts';
import { proposalRoutes } from './proposal-routes.ts';
import { quarantineRoutes } from './quarantine-routes.ts';
import type { Route } from './route.ts';
import type { RunFeed } from './run-feed.ts';
import { runRoutes } from './run-routes.ts';
import { sampleRoutes } from './sample-routes.ts';
import { streamRoutes } from './stream-routes.ts';
import { targetRoutes } from './target-routes.ts';

/** All of the API, in one table. */
export function routeTable(feedOf: (context: ServiceContext) => RunFeed): readonly Route[] {
  return [
    ...runRoutes,
    ...packetRoutes,
    ...proposalRoutes,
    ...streamRoutes(feedOf),
    ...orderRoutes,
    ...promotionRoutes,
    ...targetRoutes,
    ...sampleRoutes,
    ...quarantineRoutes,
    ...freezeRoutes,
    ...destructionRoutes,
    ...deadLetterRoutes,
  ];
}
