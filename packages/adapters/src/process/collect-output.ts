import { createKeptOutput } from './kept-output.ts';
import { createPrintable } from './printable.ts';

/** The output of one program while it runs. */
export interface Collected {
  add(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  addStatus(chunk: Buffer): void;
  /** What was written to descriptor 3 so far. */
  status(): string;
  /** Resolves when the program has written more than `bytes`; else never. */
  beyond(bytes: number): Promise<void>;
  end(): { stdout: string; stderr: string; status: string; truncatedBytes: number };
}

const maxStatusBytes = 65_536;

/** Creates a collector that keeps `maxBytes` of both streams together and shows them, made printable, as they come. */
export function collect(maxBytes: number, onOutput: ((text: string) => void) | undefined): Collected {
  const kept = createKeptOutput(maxBytes);
  const keptStatus = createKeptOutput(maxStatusBytes);
  const chunks: Record<'stdout' | 'stderr' | 'status', Buffer[]> = { stdout: [], stderr: [], status: [] };
  const shown = { stdout: createPrintable(), stderr: createPrintable() };
  const limit = { bytes: Infinity, reached: (): void => undefined };

  function show(text: string): void {
    if (text !== '') onOutput?.(text);
  }

  return {
    add(stream, chunk) {
      const part = kept.add(chunk);
      if (part.length > 0) chunks[stream].push(part);
      if (part.length > 0) show(shown[stream].write(part));
      if (kept.keptBytes() + kept.truncatedBytes() > limit.bytes) limit.reached();
    },
    addStatus(chunk) {
      chunks.status.push(keptStatus.add(chunk));
    },
    status: () => Buffer.concat(chunks.status).toString('utf8'),
    async beyond(bytes) {
      limit.bytes = bytes;
      return new Promise((resolve) => {
        limit.reached = resolve;
      });
    },
    end() {
      const truncatedBytes = kept.truncatedBytes();
      show(shown.stdout.end() + shown.stderr.end());
      if (truncatedBytes > 0) show(`\n[truncated ${truncatedBytes} bytes]\n`);
      return {
        stdout: Buffer.concat(chunks.stdout).toString('utf8'),
        stderr: Buffer.concat(chunks.stderr).toString('utf8'),
        status: Buffer.concat(chunks.status).toString('utf8'),
        truncatedBytes,
      };
    },
  };
}
