import autocannon, { type Options, type Result } from 'autocannon';
import { anyCommit, signPush } from '../signed-push.ts';

/** What GitHub sends for a push of a few commits. */
const pushBytes = 7168;
const repositories = 100;
// Over all volleys: a second one to the same branches would measure how runs that nobody works at are superseded.
let fired = 0;

export interface Volley extends Pick<Options, 'connections' | 'duration' | 'amount' | 'overallRate'> {
  url: string;
  secret: string;
}

export interface Hit {
  accepted: number;
  /** Answered 503: come back later. */
  turnedAway: number;
  /** Without an answer, or with one that no push may get. */
  broken: number;
  perSecond: number;
  p99Ms: number;
  slowestMs: number;
  /** When 99 of 100 answers were there, from the first request on. */
  p99SinceStartMs: number;
}

/** Fires signed pushes, each of another commit on another branch, as fast as the connections carry them. */
export async function fire({ url, secret, ...volley }: Volley): Promise<Hit> {
  const setupRequest: Options['requests'][number]['setupRequest'] = (request) => {
    fired += 1;
    const repository = `acme/shop-${fired % repositories}`;
    return {
      ...request,
      ...signPush({ repository, branch: `b${fired}`, commit: anyCommit(), bytes: pushBytes }, secret),
    };
  };
  const shooting = autocannon({
    url,
    timeout: 30,
    requests: [{ method: 'POST', path: '/webhooks/github', setupRequest }],
    ...volley,
  });
  const beganAt = performance.now();
  const answeredAt: number[] = [];
  shooting.on('response', () => answeredAt.push(performance.now() - beganAt));
  return hitOf(await shooting, answeredAt);
}

function hitOf(result: Result, answeredAt: readonly number[]): Hit {
  const accepted = result['2xx'];
  const turnedAway = result.statusCodeStats['503']?.count ?? 0;
  return {
    accepted,
    turnedAway,
    broken: result.non2xx - turnedAway + result.errors + result.timeouts,
    perSecond: accepted / result.duration,
    p99Ms: result.latency.p99,
    slowestMs: result.latency.max,
    // Answers come in order of time.
    p99SinceStartMs: answeredAt[Math.ceil(answeredAt.length * 0.99) - 1] ?? Number.NaN,
  };
}
