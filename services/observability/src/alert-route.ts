import { json, type Request, type Router } from 'express';
import { allowsRole, findToken, nameId, OrchestraError, type RouteContext, unaskedJob } from '@orchestra/runtime';
import { parseAlerts, type ReceivedAlert } from './parse-alerts.ts';
import type { Ports } from './ports.ts';

const bodyLimit = '1mb';

/**
 * `POST /alerts/alertmanager` and `POST /alerts/grafana`: other people's monitoring tells of trouble. Each alert is kept before
 * it is answered, once for its fingerprint and start, however often it is sent.
 */
export function routeAlerts(router: Router, ports: Ports, context: RouteContext): void {
  const readJson = json({ limit: bodyLimit, inflate: false, type: () => true });
  const authorize = (request: Request): void => {
    const token = findToken(ports.alertTokens ?? [], request.get('authorization'));
    if (token === null) throw new OrchestraError('NOT_AUTHORIZED', 'A bearer token is needed');
    if (!allowsRole(token.role, 'operator')) throw new OrchestraError('NOT_PERMITTED', 'The role operator is needed');
  };
  for (const source of ['alertmanager', 'grafana']) {
    router.post(
      `/alerts/${source}`,
      (request, _response, next) => {
        authorize(request);
        next();
      },
      readJson,
      async (request, response) => {
        const { firing, resolved, services, truncated } = parseAlerts(request.body);
        let accepted = 0;
        for (const alert of firing) accepted += (await keepAlert({ alert, services }, context)) ? 1 : 0;
        if (truncated > 0) context.log.warn({ truncated, source }, 'alerts were left out by the sender');
        response.status(202).json({ accepted, known: firing.length - accepted, resolved });
      },
    );
  }
}

interface Kept {
  alert: ReceivedAlert;
  services: number;
}

/** False: this alert was kept before. */
async function keepAlert({ alert, services }: Kept, { store }: RouteContext): Promise<boolean> {
  const cause = nameId('outside-alert', alert.fingerprint, String(alert.startsAt));
  const created = await store.enqueue(
    unaskedJob({
      service: 'observability',
      handler: 'attribute_alert',
      payload: JSON.stringify({ alert, services }),
      cause,
      maxAttempts: 10,
      maxMs: 60_000,
    }),
  );
  return created === 'created';
}
