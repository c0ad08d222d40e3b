import { Agent, request } from 'node:http';

/** What users met: how often each answer came, by its text. */
export interface Traffic {
  answers: ReadonlyMap<string, number>;
  /** The answer that came last. */
  latest(): string | null;
  total(): number;
  errors(): number;
  stop(): void;
}

/** Sends requests at a steady rate and counts the answers. A refused or cut connection is an error like a 5xx. */
export function startTraffic({ port, perSecond }: { port: number; perSecond: number }): Traffic {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
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
    const call = request({ host: '127.0.0.1', port, path: '/', agent, timeout: 5000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => count(text.trim(), (response.statusCode ?? 500) >= 500));
    });
    call.on('error', (error) => count(`no answer: ${error.message}`, true));
    call.end();
  }

  function count(answer: string, failed: boolean): void {
    total += 1;
    latest = answer;
    if (failed) errors += 1;
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
}
