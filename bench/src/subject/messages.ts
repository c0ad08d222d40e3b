/** What a subject tells the process that measures it. */
export interface Reply {
  said: string;
  cpuMs: number;
  /** The most memory that the process had in physical pages so far. */
  memoryMiB: number;
  /** What it has kept so far, in its own count. */
  kept: number;
}

/** @throws TypeError when it is no reply: parent and child are of different versions */
export function readReply(message: unknown): Reply {
  const { said, cpuMs, memoryMiB, kept } = fieldsOf(message);
  const hasNumbers = typeof cpuMs === 'number' && typeof memoryMiB === 'number' && typeof kept === 'number';
  if (typeof said === 'string' && hasNumbers) return { said, cpuMs, memoryMiB, kept };
  throw new TypeError(`Not a reply of a subject: ${JSON.stringify(message)}`);
}

function fieldsOf(message: unknown): Partial<Record<keyof Reply, unknown>> {
  return typeof message === 'object' && message !== null ? message : {};
}
