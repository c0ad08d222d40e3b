import type { TestCase } from '@orchestra/adapters/reports';

/**
 * The last result of every case over all tries of the same command. One that failed and passed later is flaky. One that
 * failed and was never seen again stays failed, unless it stood for a whole file that could be run later.
 *
 * @param tries the cases of each try that has a report, oldest first
 */
export function joinTries(tries: readonly (readonly TestCase[])[]): readonly TestCase[] {
  const joined = new Map<string, TestCase>();
  for (const cases of tries) {
    const seen = byKey(cases);
    const replaced = [...joined].filter(([, earlier]) => isReplaced(earlier, cases));
    for (const [key, earlier] of replaced) joined.set(key, flaky(earlier));
    for (const [key, result] of seen) joined.set(key, follow(joined.get(key), result));
  }
  return [...joined.values()];
}

// A report may hold several cases of one name; their order tells them apart.
function byKey(cases: readonly TestCase[]): Map<string, TestCase> {
  const counts = new Map<string, number>();
  const keyed = new Map<string, TestCase>();
  for (const each of cases) {
    const name = keyOf(each);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    keyed.set(JSON.stringify([name, count]), each);
  }
  return keyed;
}

function keyOf({ file, name }: TestCase): string {
  return JSON.stringify([file, name]);
}

function isReplaced(earlier: TestCase, cases: readonly TestCase[]): boolean {
  const { file, name, status } = earlier;
  const isWholeFile = status === 'failed' && file !== null && (file === name || file.endsWith(`/${name}`));
  const ofFile = cases.filter((each) => each.file === file);
  return isWholeFile && ofFile.length > 0 && ofFile.every((each) => each.name !== name);
}

function follow(earlier: TestCase | undefined, result: TestCase): TestCase {
  if (earlier?.status !== 'failed' && earlier?.status !== 'flaky') return result;
  // Skipping itself does not clear a case that failed.
  if (result.status === 'skipped') return earlier;
  return result.status === 'passed' ? flaky(result) : result;
}

function flaky(result: TestCase): TestCase {
  return { ...result, status: 'flaky', message: null };
}
