import type { Workbench } from '@orchestra/adapters/workbench';

/** The programs that make images; they run on the host, not in the sandbox. */
export type ImageProgram = 'docker' | 'buildah';

export interface ImageOrder {
  program: ImageProgram;
  /** Absolute paths on this host. */
  context: string;
  dockerfile: string;
  /** Without tag. */
  image: string;
  /** Names the tag, so that a repeated build replaces its own image. */
  commit: string;
  runId: string;
  timeoutMs: number;
  signal: AbortSignal;
  onOutput: (text: string) => void;
}

/** `sizeBytes` 0: the program does not say. */
export type ImageEnd =
  | { kind: 'built'; digest: string; reference: string; sizeBytes: number }
  | { kind: 'failed'; exitCode: number | null }
  | { kind: 'timed_out' };

/** Makes images. An image has the tag of its commit, so a repeat makes no second one. */
export interface Images {
  isInstalled(program: ImageProgram): Promise<boolean>;
  /** @throws OrchestraError `COMMAND_FAILED`, retriable, when the program does not say what it made; the signal's reason */
  build(order: ImageOrder): Promise<ImageEnd>;
}

export interface Ports {
  workbench: Workbench;
  images: Images;
}
