import { startAlertmanager, startPrometheus, type Neighbour } from '@orchestra/testkit/neighbours';
import { waitUntil } from '../wait-until.ts';
import type { Shop } from './shop.ts';
import { alertToken, type Shops } from './start-shops.ts';

/**
 * When a Prometheus and an Alertmanager look and call that nobody has tuned: scraping and judging as in the prometheus.yml that is
 * delivered with it (without any file it is one minute), the Alertmanager's own defaults, and the pause of most published rules.
 */
export const usualTiming = {
  every: '15s',
  for: '1m',
  route: { group_wait: '30s', group_interval: '5m', repeat_interval: '4h' },
};

/** A Prometheus that watches a shop, and an Alertmanager that calls the platform. */
export interface Monitoring {
  stop(): Promise<void>;
}

const errors = 'sum(rate(http_requests_total{code="500"}[1m]))';
const share = `${errors} / sum(rate(http_requests_total[1m]))`;

/** Starts both, and waits until Prometheus knows how many answers are errors. */
export async function startUsualMonitoring(shops: Shops, { service, url }: Shop): Promise<Monitoring> {
  const port = (await shops.processes()).find(({ name }) => name === 'observability')?.port ?? 0;
  const told = { url: `http://127.0.0.1:${port}/alerts/alertmanager`, token: alertToken };
  const started: Neighbour[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((neighbour) => neighbour.stop()));
  };
  try {
    const alertmanager = await startAlertmanager({ ...told, timing: usualTiming.route });
    started.push(alertmanager);
    const rule = {
      alert: 'ManyErrors',
      expr: `${share} > 0.05`,
      for: usualTiming.for,
      labels: { service, environment: 'production', severity: 'page' },
    };
    const alerting = { rules: [rule], alertmanager: hostOf(alertmanager.url) };
    const scraped = { target: hostOf(url), every: usualTiming.every, alerting };
    const prometheus = await startPrometheus(scraped, { fresh: true });
    started.push(prometheus);
    await waitUntil('a share of errors in Prometheus', async () => knowsShare(prometheus.url), {
      timeoutMs: 180_000,
      everyMs: 500,
    });
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function hostOf(url: string): string {
  return new URL(url).host;
}

async function knowsShare(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: share }).toString()}`);
  const { data }: { data: { result: readonly { value: readonly [number, string] }[] } } = JSON.parse(
    await answer.text(),
  );
  return Number.isFinite(Number(data.result[0]?.value[1] ?? 'NaN'));
}
