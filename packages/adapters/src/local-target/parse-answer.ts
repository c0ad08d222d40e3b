/** How to reach the supervisor, as it wrote it down itself. */
export interface Control {
  pid: number;
  startTicks: number;
  /** The loopback, or the name of the container that it has for itself. */
  host: string;
  port: number;
  /** Whether somebody else brings it back when it ends. */
  isKept: boolean;
  token: string;
  sandbox: 'bubblewrap' | 'process';
}

/** Reads the control file of our own supervisor. Null: it is no such file (yet). */
export function parseControl(text: string): Control | null {
  try {
    const control = JSON.parse(text) as Partial<Control>;
    return typeof control.port === 'number' && typeof control.token === 'string' ? (control as Control) : null;
  } catch {
    return null;
  }
}

/** Reads an answer of our own supervisor: its form is that of this version. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what it asked for
export function parseAnswer<T>(text: string): T {
  return JSON.parse(text) as T;
}
