import { Agent, get, type IncomingMessage } from 'node:http';

/** One answer that a user got. */
interface Answer {
  /** When it was whole, milliseconds since 1970. */
  at: number;
  /** The version that answered; empty: none did. */
  version: string;
  failed: boolean;
}

/** Users who ask at a steady rate, whether or not the earlier ones are answered. */
export interface Users {
  latest(): Answer | undefined;
  /** The errors since they began, oldest first. */
  errors(): readonly Answer[];
  stop(): void;
}

const everyMs = 50;
const patienceMs = 5_000;

/** Lets users ask the front page of an address, 20 a second. */
export function startUsers(url: string): Users {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const errors: Answer[] = [];
  let latest: Answer | undefined;
  const timer = setInterval(() => {
    void ask(url, agent).then((answer) => {
      latest = answer;
      if (answer.failed) errors.push(answer);
    });
  }, everyMs);
  return {
    latest: () => latest,
    errors: () => errors,
    stop() {
      clearInterval(timer);
      agent.destroy();
    },
  };
}

async function ask(url: string, agent: Agent): Promise<Answer> {
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { agent, signal: AbortSignal.timeout(patienceMs) }, resolve).on('error', reject);
    });
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
    return { at: Date.now(), version: text.trim(), failed: response.statusCode !== 200 };
  } catch {
    return { at: Date.now(), version: '', failed: true };
  }
}
