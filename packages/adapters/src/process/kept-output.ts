/** Keeps the beginning of a stream of bytes, up to a cap, and counts the rest. */
export interface KeptOutput {
  /** Returns the part of the chunk that is within the cap; empty behind it. */
  add(chunk: Buffer): Buffer;
  keptBytes(): number;
  truncatedBytes(): number;
}

/** Creates a cap that several streams may share: what they bring together is limited. */
export function createKeptOutput(maxBytes: number): KeptOutput {
  let kept = 0;
  let truncated = 0;

  return {
    add(chunk) {
      const part = chunk.subarray(0, Math.max(0, maxBytes - kept));
      kept += part.length;
      truncated += chunk.length - part.length;
      return part;
    },
    keptBytes: () => kept,
    truncatedBytes: () => truncated,
  };
}
