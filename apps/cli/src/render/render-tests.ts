import { oneLine, type FailedCase, type TestSlice } from '@orchestra/contracts';
import type { Paint } from './paint.ts';

const shownAtMost = 20;
const linesAtMost = 6;

/** Counts of a test report, and what failed; nothing of tests that did not run. */
export function renderTests(slice: TestSlice, paint: Paint): string[] {
  const { framework, passed, failed, skipped, flaky, lineCoveragePercent, failures } = slice;
  if (framework === 'none') return [];
  const counts = [
    `${passed} passed`,
    `${failed} failed`,
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
    ...(flaky === 0 ? [] : [`${flaky} flaky`]),
    ...(lineCoveragePercent === null ? [] : [`${lineCoveragePercent.toFixed(1)} % of lines covered`]),
  ];
  const rest = Math.max(failures.length, failed) - Math.min(failures.length, shownAtMost);
  return [
    `tests: ${counts.join(', ')} (${framework})`,
    ...failures.slice(0, shownAtMost).flatMap((failure) => renderFailure(failure, paint)),
    ...(rest > 0 ? [paint('dim', `  ${rest} more`)] : []),
  ];
}

function renderFailure({ name, file, message }: FailedCase, paint: Paint): string[] {
  const lines = message.trim().split('\n').slice(0, linesAtMost);
  return [
    `  ${paint('red', 'failed')}  ${oneLine(name)}${file === null ? '' : `  ${paint('dim', oneLine(file))}`}`,
    ...lines.filter((line) => line.trim() !== '').map((line) => `      ${line.trimEnd()}`),
  ];
}
