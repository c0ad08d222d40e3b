import type { Octokit } from 'octokit';

export interface GithubOptions {
  /** `https://api.github.com`, or that of an Enterprise Server. */
  baseUrl: string;
  token: string;
  /** Longest time of one request. */
  requestMs: number;
  /** Longest time of one call with its retries. */
  totalMs: number;
  /** Repeats after 5xx and 429. */
  retries: number;
  /** The unit of waiting between them; GitHub's own wish comes first. */
  retryBaseMs: number;
}

const nothing = (): void => {};

/** A client with limits: octokit has no request time limit, and its retries multiply one. Imported late, it is large. */
export async function createOctokit(options: GithubOptions): Promise<Octokit> {
  const { Octokit } = await import('octokit');
  return new Octokit({
    auth: options.token,
    baseUrl: options.baseUrl,
    userAgent: 'devops-orchestra',
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    request: {
      fetch: (url: string, init: RequestInit) => {
        const limits = [AbortSignal.timeout(options.requestMs), ...(init.signal ? [init.signal] : [])];
        return fetch(url, { ...init, signal: AbortSignal.any(limits) });
      },
    },
    retry: { retries: options.retries, retryAfterBaseValue: options.retryBaseMs },
    // Its queue allows one write a second, over all runs; a status that was refused for that comes again by itself.
    throttle: { enabled: false },
  });
}
