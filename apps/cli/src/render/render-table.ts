import type { Colour, Paint } from './paint.ts';

export interface Cell {
  text: string;
  colour?: Colour;
  /** The least width of its column. */
  fill?: number;
}

/** Columns as wide as their widest cell, two blanks apart; a line for each row. */
export function renderTable(rows: readonly (readonly Cell[])[], paint: Paint): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { text, fill = 0 }] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, text.length, fill);
  }
  return rows.map((row) => renderRow(row, widths, paint));
}

// The colour ends with the text: what fills a column up has none.
function renderRow(row: readonly Cell[], widths: readonly number[], paint: Paint): string {
  const last = row.findLastIndex(({ text }) => text !== '');
  return row
    .slice(0, last + 1)
    .map(({ text, colour }, column) => {
      const fill = column === last ? '' : ' '.repeat((widths[column] ?? 0) - text.length);
      return `${colour === undefined ? text : paint(colour, text)}${fill}`;
    })
    .join('  ');
}
