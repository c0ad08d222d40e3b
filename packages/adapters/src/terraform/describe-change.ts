/** What a plan would do to one resource. */
export interface ResourceChange {
  address: string;
  type: string;
  kind: 'add' | 'change' | 'replace' | 'destroy' | 'forget';
  /** What differs, by name; values as JSON, cut, and `[secret]` for sensitive ones. */
  attributes: readonly { name: string; before: string | null; after: string | null }[];
}

interface Planned {
  address: string;
  type: string;
  actions: readonly string[];
  before: unknown;
  after: unknown;
  after_unknown: unknown;
  before_sensitive: unknown;
  after_sensitive: unknown;
}

const longestValue = 120;

/** Describes one change of a plan; null: the resource stays as it is, or is only read. */
export function describeChange(planned: Planned): ResourceChange | null {
  const { address, type, actions } = planned;
  const kind = kindOf(actions);
  if (kind === null) return null;
  const [before, after, unknown] = [planned.before, planned.after, planned.after_unknown].map(recordOf);
  const names = new Set([before, after, unknown].flatMap((values) => Object.keys(values ?? {})));
  const attributes = [...names]
    .filter((name) => differs(name, before, after) || isMarked(unknown, name))
    .map((name) => {
      const isSecret = isMarked(planned.before_sensitive, name) || isMarked(planned.after_sensitive, name);
      const shown = (values: Values | undefined) => (isSecret ? redacted(values?.[name]) : valueOf(values?.[name]));
      const becomes = isMarked(unknown, name) && !isSecret ? '(known after apply)' : shown(after);
      return { name, before: shown(before), after: becomes };
    });
  return { address, type, kind, attributes };
}

function kindOf(actions: readonly string[]): ResourceChange['kind'] | null {
  if (actions.includes('delete')) return actions.includes('create') ? 'replace' : 'destroy';
  if (actions.includes('create')) return 'add';
  if (actions.includes('update')) return 'change';
  return actions.includes('forget') ? 'forget' : null;
}

type Values = Readonly<Record<string, unknown>>;

function recordOf(value: unknown): Values {
  return isValues(value) ? value : {};
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function differs(name: string, before: Values | undefined, after: Values | undefined): boolean {
  return JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null);
}

// The marks mirror the values: `true` for all of it, else a tree in which some leaf is true. One leaf marks the whole.
function isMarked(marks: unknown, name: string): boolean {
  return marks === true || hasTrue(recordOf(marks)[name]);
}

function hasTrue(marks: unknown): boolean {
  if (marks === true) return true;
  return typeof marks === 'object' && marks !== null && Object.values(marks).some(hasTrue);
}

function redacted(value: unknown): string | null {
  return value === undefined || value === null ? null : '[secret]';
}

function valueOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
