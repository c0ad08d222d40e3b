import { Agent, request, type IncomingMessage } from 'node:http';

/** What users met: how often each answer came, by its text. */
export interface Traffic {
  answers: ReadonlyMap<string, number>;
  /** The answer that came last. */
  latest(): string | null;
  /** Requests that have ended, each counted once. */
  total(): number;
  /** Of these: statuses from 500, and connections that were refused, cut or silent. */
  errors(): number;
  stop(): void;
}

interface StartTraffic {
  port: number;
  perSecond: number;
  /** A user who got no whole answer by then has met an error. Default 5 s. */
  patienceMs?: number;
}

/** Sends requests at a steady rate, whether or not the earlier ones are answered, and counts how each of them ends. */
export function startTraffic({ port, perSecond, patienceMs = 5_000 }: StartTraffic): Traffic {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const answers = new Map<string, number>();
  let errors = 0;
  let total = 0;
  let latest: string | null = null;
  const timer = setInterval(ask, 1000 / perSecond);
  return {
    answers,
    latest: () => latest,
    total: () => total,
    errors: () => errors,
    stop() {
      clearInterval(timer);
      agent.destroy();
    },
  };

  function ask(): void {
    const signal = AbortSignal.timeout(patienceMs);
    visit({ port, agent, signal }).then(
      ({ answer, failed }) => count(answer, failed),
      (error: unknown) => count(`no answer: ${error instanceof Error ? error.message : String(error)}`, true),
    );
  }

  function count(answer: string, failed: boolean): void {
    total += 1;
    latest = answer;
    if (failed) errors += 1;
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
}

interface Visit {
  port: number;
  agent: Agent;
  signal: AbortSignal;
}

// Rejects when the connection is refused, cut before the answer was whole, or silent for too long.
async function visit({ port, agent, signal }: Visit): Promise<{ answer: string; failed: boolean }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/', agent, signal }, resolve).on('error', reject).end();
  });
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return { answer: text.trim(), failed: (response.statusCode ?? 500) >= 500 };
}
