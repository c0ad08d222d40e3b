/** Turns the stream of `-json` into lines for people. */
export interface Progress {
  /** Pieces of the stream, in any cut. */
  write(text: string): void;
  end(): void;
}

/** What the stream of one command said beside its lines. */
export interface Told {
  /** The errors, in the words of the tool. */
  errors: readonly string[];
  /** Addresses of resources that differ from what was recorded, and outputs that would change. */
  drifted: readonly string[];
}

// Said in other lines, or of no use to people.
const silent = new Set(['version', 'log', 'refresh_start', 'refresh_complete', 'outputs', 'provision_complete']);

/** Creates a reader of the stream. What is no JSON, as a warning of the tool's surroundings, is shown as it stands. */
export function createProgress(show: (line: string) => void): Progress {
  let held = '';
  return {
    write(text) {
      const lines = (held + text).split('\n');
      held = lines.pop() ?? '';
      for (const line of lines) showLine(line, show);
    },
    end() {
      showLine(held, show);
      held = '';
    },
  };
}

function showLine(line: string, show: (line: string) => void): void {
  if (line.trim() === '') return;
  const said = readLine(line);
  if (said !== null) {
    const text = textOf(said);
    if (text !== null) show(`${text}\n`);
    return;
  }
  // A line that was cut by another one may hold values in a form in which nothing would mask them.
  if (!line.startsWith('{')) show(`${line}\n`);
}

/** What a whole stream said; its values are not masked. @see Terraform, "Machine-Readable UI", version 1.2 */
export function readStream(stdout: string): Told {
  const said = stdout
    .split('\n')
    .map(readLine)
    .filter((one) => one !== null);
  const errors = said.filter((one) => wordAt(one, 'diagnostic', 'severity') === 'error').map(diagnosticOf);
  const drifted = said.flatMap((one) => [
    ...(wordAt(one, 'type') === 'resource_drift' ? [wordAt(one, 'change', 'resource', 'addr') ?? ''] : []),
    ...(wordAt(one, 'type') === 'outputs' ? changedOutputs(one) : []),
  ]);
  return { errors, drifted: [...new Set(drifted)] };
}

type Said = Readonly<Record<string, unknown>>;

function readLine(line: string): Said | null {
  if (!line.startsWith('{')) return null;
  try {
    const parsed: unknown = JSON.parse(line);
    return isRecord(parsed) && typeof parsed['@message'] === 'string' ? parsed : null;
  } catch {
    return null;
  }
}

function textOf(said: Said): string | null {
  if (isRecord(said['diagnostic'])) return diagnosticOf(said);
  if (silent.has(wordAt(said, 'type') ?? '')) return null;
  return wordAt(said, '@message');
}

function diagnosticOf(said: Said): string {
  const [file, line] = [wordAt(said, 'diagnostic', 'range', 'filename'), at(said, 'diagnostic', 'range', 'start')];
  const place = file === null ? '' : `\n  on ${file} line ${isRecord(line) ? String(line['line']) : '?'}`;
  const detail = wordAt(said, 'diagnostic', 'detail') ?? '';
  const word = wordAt(said, 'diagnostic', 'severity') === 'error' ? 'Error' : 'Warning';
  const summary = wordAt(said, 'diagnostic', 'summary') ?? '';
  return `${word}: ${summary}${place}${detail === '' ? '' : `\n${detail}`}`;
}

function changedOutputs(said: Said): string[] {
  const outputs = isRecord(said['outputs']) ? Object.entries(said['outputs']) : [];
  const changed = outputs.filter(([, output]) => isRecord(output) && !['noop', undefined].includes(actionOf(output)));
  return changed.map(([name]) => `output ${name}`);
}

function actionOf(output: Said): string | undefined {
  return wordAt(output, 'action') ?? undefined;
}

function wordAt(said: Said, ...path: readonly string[]): string | null {
  const found = at(said, ...path);
  return typeof found === 'string' ? found : null;
}

function at(said: Said, ...path: readonly string[]): unknown {
  let found: unknown = said;
  for (const key of path) found = isRecord(found) ? found[key] : undefined;
  return found;
}

function isRecord(value: unknown): value is Said {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
