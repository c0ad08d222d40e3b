import type { Place } from './place.ts';
import { printable } from './remark.ts';

const widest = 100;

/** The line of a place with its two neighbours, numbered, and a mark under the column. Safe for terminals and chats. */
export function renderCodeFrame(textLines: readonly string[], { line, column }: Place): string {
  const first = Math.max(1, line - 1);
  const last = Math.min(textLines.length, line + 1);
  const digits = String(last).length;
  // A long line is cut so that the place stays in sight.
  const skipped = column > widest - 20 ? column - 40 : 0;
  const rows: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const shown = printable((textLines[number - 1] ?? '').replaceAll('\t', ' ').slice(skipped), widest);
    rows.push(`${number === line ? '>' : ' '} ${String(number).padStart(digits)} | ${shown}`.trimEnd());
    if (number === line) rows.push(`  ${' '.repeat(digits)} | ${' '.repeat(column - 1 - skipped)}^`);
  }
  return rows.join('\n');
}
