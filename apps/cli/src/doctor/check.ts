/** One thing that was looked at. */
export interface Check {
  name: string;
  state: 'ok' | 'absent' | 'broken';
  /** Without it, this machine cannot do what it is asked to. */
  required: boolean;
  /** What was seen: a version, an address, an error. */
  seen: string;
  /** What it means that it is not there; null: it is. */
  means: string | null;
}

/** What a check looks at. */
export interface Surroundings {
  environment: Readonly<Record<string, string | undefined>>;
  /** The data folder, absolute. */
  folder: string;
}

export function ok(name: string, required: boolean, seen: string): Check {
  return { name, state: 'ok', required, seen, means: null };
}
