import { parseLinePattern, type LogPatternPlan } from '@orchestra/contracts';
import type { Values } from './judge/values.ts';
import type { Watch } from './judge/watch.ts';
import type { Watching } from './look.ts';
import { placeOf } from './place-of.ts';

/** What the output of a release and of what serves beside it holds. */
export interface ReadOutput {
  release: Values;
  beside: Values | null;
  problems: readonly string[];
  /** {@link Watch.places} from now on. */
  places: NonNullable<Watch['places']>;
}

interface Counted {
  values: Values;
  problems: readonly string[];
}

const shownOfLine = 300;

/** Counts the lines that hold each pattern of the file since the look before; null: the file has none. */
export async function askOutput(watching: Watching, before: Watch['places'] = {}): Promise<ReadOutput | null> {
  const { plan, subject, beside } = watching;
  const patterns = plan.observability.judgement?.logPatterns ?? [];
  if (patterns.length === 0) return null;
  const names = [subject.release, beside].filter((name) => name !== null);
  const read = await Promise.all(names.map(async (release) => readOf(release, before[release] ?? null, watching)));
  const counted = new Map(names.map((name, index) => [name, countLines(read[index]?.lines ?? null, patterns)]));
  const own = counted.get(subject.release ?? '') ?? countLines(null, patterns);
  const other = beside === null ? null : (counted.get(beside)?.values ?? null);
  const places = names.flatMap((name, index) => (read[index] == null ? [] : [[name, read[index].next] as const]));
  return {
    release: own.values,
    beside: other,
    problems: own.problems,
    places: { ...before, ...Object.fromEntries(places) },
  };
}

async function readOf(release: string, from: number | null, watching: Watching) {
  const { ports, context } = watching;
  const now = context.clock.now();
  try {
    const read = await ports.outputs?.lines({ ...placeOf(watching, release), from, now }, context.signal);
    if (read === undefined || read === null) return null;
    // From the first look on there is a place, but nothing before it to count.
    return from === null ? { lines: null, next: read.next } : read;
  } catch {
    context.signal.throwIfAborted();
    return null;
  }
}

function countLines(lines: readonly string[] | null, patterns: readonly LogPatternPlan[]): Counted {
  const found = patterns.map(({ name, pattern }) => ({
    name,
    lines: lines === null ? null : findLines(lines, pattern),
  }));
  const values = Object.fromEntries(found.map((one) => [one.name, one.lines?.length ?? null]));
  const problems = found.flatMap(({ name, lines: matching }) => {
    const [first] = matching ?? [];
    return first === undefined ? [] : [`${name}: ${matching?.length} lines, such as: ${first.slice(0, shownOfLine)}`];
  });
  return { values, problems };
}

function findLines(lines: readonly string[], text: string): readonly string[] | null {
  const parsed = parseLinePattern(text);
  return parsed.ok ? lines.filter((line) => parsed.pattern.matches(line)) : null;
}
