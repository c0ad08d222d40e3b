export interface DependencyFacts {
  /** Whether its unit has ended, and well. */
  hasEnded: boolean;
  isGood: boolean;
  /** Whether what serves there is of this run. */
  serves: 'good' | 'bad' | 'no';
  /** Whether a rollback has the target, or its way back could not be done. */
  isLeaving: boolean;
}

export interface Dependency {
  kind: 'ready' | 'waits' | 'failed';
}

/** Whether a service that another depends on is healthy: it serves, after all of its steps. Its watch may go on. */
export function decideDependency({ hasEnded, isGood, serves, isLeaving }: DependencyFacts): Dependency {
  if (hasEnded) return { kind: isGood && serves !== 'bad' && !isLeaving ? 'ready' : 'failed' };
  if (serves === 'bad') return { kind: 'failed' };
  // A rollback says how it ends; until then nothing new is built upon it.
  return { kind: serves === 'good' && !isLeaving ? 'ready' : 'waits' };
}
