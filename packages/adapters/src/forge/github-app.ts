import type { App, Octokit } from 'octokit';
import { clientSettings, type GithubLimits } from './create-octokit.ts';
import { explainGithubError } from './explain-github-error.ts';

export interface GithubAppOptions extends GithubLimits {
  appId: string;
  /** PEM. Signs the tokens with which the App itself asks; it leaves this process only as their signature. */
  privateKey: string;
}

/** One attempt of the forge to deliver an event. */
export interface Delivery {
  /** Names the attempt. */
  id: number;
  /** The delivery id that the receiver sees, the same in each attempt. */
  guid: string;
  event: string;
  deliveredAt: Date;
  /** What the receiver answered; 0: nothing. */
  statusCode: number;
  /** Whether somebody asked for this attempt. */
  redelivery: boolean;
}

/** What a forge that never delivers again by itself can be asked. */
export interface Deliveries {
  /**
   * The attempts since a time, newest first; at most the newest 3000.
   *
   * @throws OrchestraError `FORGE_UNAVAILABLE` (retriable) or `FORGE_REFUSED` (not retriable)
   */
  listSince(since: Date, signal: AbortSignal): Promise<Delivery[]>;
  /**
   * Asks for one more attempt of the same event.
   *
   * @throws OrchestraError `FORGE_UNAVAILABLE` (retriable) or `FORGE_REFUSED` (not retriable)
   */
  askAgain(id: number, signal: AbortSignal): Promise<void>;
}

/** What GitHub tells of an attempt; fakes are held to it. */
export type GithubDelivery = Awaited<ReturnType<Octokit['rest']['apps']['listWebhookDeliveries']>>['data'][number];

const pagesAtMost = 30;

/**
 * The deliveries of a GitHub App, asked for as the App itself.
 *
 * @see GitHub REST API, "List deliveries for an app webhook" and "Redeliver a delivery for an app webhook"
 */
export function createGithubDeliveries(options: GithubAppOptions): Deliveries {
  let app: Promise<App> | null = null;
  const client = async (): Promise<Octokit> => {
    app ??= createApp(options);
    return (await app).octokit;
  };
  return {
    async listSince(since, signal) {
      const request = { signal: limited(signal, options) };
      const apps = (await client()).rest.apps;
      const found: Delivery[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < pagesAtMost; page += 1) {
        const asked = { per_page: 100, ...(cursor === undefined ? {} : { cursor }), request };
        const { data, headers } = await calling(() => apps.listWebhookDeliveries(asked), signal, 'the question');
        const read = data.map(readDelivery);
        found.push(...read.filter(({ deliveredAt }) => deliveredAt >= since));
        cursor = nextCursor(headers.link);
        if (cursor === undefined || read.some(({ deliveredAt }) => deliveredAt < since)) break;
      }
      return found;
    },
    async askAgain(id, signal) {
      const asked = { delivery_id: id, request: { signal: limited(signal, options) } };
      const apps = (await client()).rest.apps;
      await calling(() => apps.redeliverWebhookDelivery(asked), signal, 'the request for a delivery');
    },
  };
}

async function createApp({ appId, privateKey, ...limits }: GithubAppOptions): Promise<App> {
  const { App, Octokit } = await import('octokit');
  return new App({ appId, privateKey, Octokit: Octokit.defaults(clientSettings(limits)) });
}

function limited(signal: AbortSignal, { totalMs }: GithubLimits): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(totalMs)]);
}

async function calling<T>(call: () => Promise<T>, signal: AbortSignal, what: string): Promise<T> {
  try {
    return await call();
  } catch (error) {
    signal.throwIfAborted();
    throw explainGithubError(error, what);
  }
}

function readDelivery({ id, guid, event, delivered_at: at, status_code: statusCode, redelivery }: GithubDelivery) {
  return { id, guid, event, deliveredAt: new Date(at), statusCode, redelivery };
}

// The next page is named by a cursor in the Link header only.
function nextCursor(link: string | undefined): string | undefined {
  const next = link?.split(',').find((part) => part.includes('rel="next"'));
  return next === undefined ? undefined : /[?&]cursor=(?<cursor>[^&>]+)/.exec(next)?.groups?.['cursor'];
}
