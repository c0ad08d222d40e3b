import type { Readable } from 'node:stream';

/** A stored artifact. `digest` is `sha256:` and 64 hex digits. */
export interface StoredArtifact {
  digest: string;
  sizeBytes: number;
}

/** What is known of an artifact without reading it. */
export interface ListedArtifact {
  digest: string;
  /** When it was put for the last time. */
  storedAt: Date;
}

/** Content-addressed bytes: source snapshots, build archives, reports, plans. The same bytes have the same name. */
export interface ArtifactStore {
  /** Keeps a stream; nothing is visible under the digest until all of it is durable. Repeating it changes nothing. */
  put(content: Readable | Buffer): Promise<StoredArtifact>;
  has(digest: string): Promise<boolean>;
  /** @throws OrchestraError `ARTIFACT_MISSING`, or `ARTIFACT_CORRUPT` on the stream when the bytes do not match */
  open(digest: string): Promise<Readable>;
  /** Reads a small artifact whole. @throws OrchestraError `ARTIFACT_MISSING`, `ARTIFACT_CORRUPT`, `ARTIFACT_TOO_LARGE` */
  read(digest: string, maxBytes: number): Promise<Buffer>;
  /** All artifacts, in no order. One that comes or goes meanwhile may or may not be among them. */
  list(): Promise<ListedArtifact[]>;
  /**
   * Removes an artifact that was put for the last time before a time; who has it open reads on. False: it is newer, or is
   * not there.
   */
  remove(digest: string, storedBefore: Date): Promise<boolean>;
}
