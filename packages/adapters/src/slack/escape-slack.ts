/**
 * Makes foreign text safe for a Slack message: no mention, no link, no control characters.
 *
 * @param maxLength longer text is cut and ends in an ellipsis
 * @see Slack documentation, "Formatting text for app surfaces": only `&`, `<` and `>` are control characters
 */
export function escapeSlack(text: string, maxLength = 3000): string {
  const clean = text.replaceAll(/\p{Cc}/gu, (sign) => (sign === '\n' ? sign : ' '));
  const cut = clean.length <= maxLength ? clean : `${clean.slice(0, maxLength - 1).toWellFormed()}…`;
  return cut.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
