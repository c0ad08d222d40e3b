/** Files of the repository that say what is released in a cluster. Paths are relative to the repository. */
export type InputsPlan = (
  | { kind: 'manifests'; paths: readonly string[] }
  | { kind: 'kustomize'; path: string }
  | { kind: 'helm'; chart: string; values: readonly string[]; release: string }
) & {
  /** By environment: a file with what is otherwise there. */
  overlays: Readonly<Record<string, string>>;
};

/** A command that runs once, in the container of a release. */
export interface HookPlan {
  command: readonly string[];
  timeoutMs: number;
}

/** `pre` runs before traffic moves, `post` once all of it has. */
export interface HooksPlan {
  pre?: HookPlan;
  post?: HookPlan;
}
