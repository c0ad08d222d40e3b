import type { ReadOnlyPath } from '@orchestra/adapters/sandbox';
import type { Bench, Workbench } from '@orchestra/adapters/workbench';

/** How an analyser of ours is called in a workspace. */
export interface LinterCall {
  argv: readonly string[];
  readOnlyPaths: readonly ReadOnlyPath[];
}

/** The linter that comes with the platform. */
export interface BundledLinter {
  name: string;
  /** It writes SARIF to stdout, and nothing at all where it finds no file of its languages. */
  call(bench: Pick<Bench, 'seesHost'>): LinterCall;
}

export interface Ports {
  workbench: Workbench;
  linter: BundledLinter;
}
