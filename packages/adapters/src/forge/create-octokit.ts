import type { Octokit } from 'octokit';

/** Where GitHub is, and how long it is waited for. */
export interface GithubLimits {
  /** `https://api.github.com`, or that of an Enterprise Server. */
  baseUrl: string;
  /** Longest time of one request. */
  requestMs: number;
  /** Longest time of one call with its retries. */
  totalMs: number;
  /** Repeats after 5xx and 429. */
  retries: number;
  /** The unit of waiting between them; GitHub's own wish comes first. */
  retryBaseMs: number;
}

export interface GithubOptions extends GithubLimits {
  token: string;
}

const nothing = (): void => {};

/** A client with limits. Imported late, it is large. */
export async function createOctokit({ token, ...limits }: GithubOptions): Promise<Octokit> {
  const { Octokit } = await import('octokit');
  return new Octokit({ auth: token, ...clientSettings(limits) });
}

/** The settings of every client: octokit has no request time limit, and its retries multiply one. */
export function clientSettings({ baseUrl, requestMs, retries, retryBaseMs }: GithubLimits) {
  return {
    baseUrl,
    userAgent: 'devops-orchestra',
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    request: {
      fetch: (url: string, init: RequestInit) => {
        const limits = [AbortSignal.timeout(requestMs), ...(init.signal ? [init.signal] : [])];
        return fetch(url, { ...init, signal: AbortSignal.any(limits) });
      },
    },
    retry: { retries, retryAfterBaseValue: retryBaseMs },
    // Its queue allows one write a second, over all runs; a status that was refused for that comes again by itself.
    throttle: { enabled: false },
  };
}
