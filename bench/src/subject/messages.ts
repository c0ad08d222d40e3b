/** What a subject tells the process that measures it. */
export interface Reply {
  said: string;
  cpuMs: number;
}

/** @throws TypeError when it is no reply: parent and child are of different versions */
export function readReply(message: unknown): Reply {
  if (typeof message === 'object' && message !== null && 'said' in message && 'cpuMs' in message) {
    const { said, cpuMs } = message;
    if (typeof said === 'string' && typeof cpuMs === 'number') return { said, cpuMs };
  }
  throw new TypeError(`Not a reply of a subject: ${JSON.stringify(message)}`);
}
