/** Where the output of one attempt is kept. */
export interface LogKey {
  runId: string;
  unit: string;
  generation: number;
}

export interface LogChunk {
  text: string;
  /** Byte position behind the text: where to go on reading. */
  next: number;
}

/** Output of stages, appended by one writer and followed by many readers. Bounded per key; a cut is said in the text. */
export interface LogStore {
  append(key: LogKey, text: string): Promise<void>;
  /** Reads from a byte position, at most `maxBytes`; an unknown key reads as empty. Never splits a character. */
  read(key: LogKey, from: number, maxBytes: number): Promise<LogChunk>;
  /** The units of a run that have output. */
  list(runId: string): Promise<LogKey[]>;
}
