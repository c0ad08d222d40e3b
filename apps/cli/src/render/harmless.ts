// Newlines and tabs stay; what moves the cursor, colours, or turns the direction of text does not.
// oxlint-disable-next-line no-control-regex -- control characters are the subject here
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

/** Foreign text that a terminal cannot take for orders: control characters become U+FFFD, line ends become newlines. */
export function harmlessText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(controls, '\uFFFD');
}

/** An answer of the API whose texts, keys included, are harmless to a terminal. For people; JSON is given on as it is. */
export function harmless<T>(answer: T): T {
  const text = JSON.stringify(answer, (_key, value: unknown) => {
    if (typeof value === 'string') return harmlessText(value);
    return isRecord(value) ? withHarmlessKeys(value) : value;
  });
  // The same shape: only characters inside of texts were replaced.
  const cleaned: T = JSON.parse(text);
  return cleaned;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withHarmlessKeys(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [harmlessText(key), inner]));
}
