/** Foreign text in one line, for a cell of a table or a line of an explanation. */
export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
