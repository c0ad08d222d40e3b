/** Turns the output of a foreign program into text for people, chunk by chunk. */
export interface Printable {
  /** Returns what can be shown of the chunk; an unfinished character or escape sequence is kept for the next one. */
  write(chunk: Uint8Array): string;
  /** Returns what was kept. */
  end(): string;
}

const escape = '\u001B';
// The longest escape sequence that is waited for over a chunk border; a longer one is shown as replacement characters.
const maxSequence = 256;
// CSI and OSC sequences, and the two-character ones (ECMA-48, sections 5.3 to 5.6).
// oxlint-disable-next-line no-control-regex -- control characters are the subject here
const sequences = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[ -/]*[0-Z\\^-~])/g;
// oxlint-disable-next-line no-control-regex -- control characters are the subject here
const unfinished = /\u001B(?:\[[0-?]*[ -/]*|\][^\u0007\u001B]*\u001B?|[ -/]*)$/;
// oxlint-disable-next-line no-control-regex -- control characters are the subject here
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

/**
 * Makes foreign text harmless for terminals and logs: escape sequences are removed, other control characters (and those
 * that turn the direction of text) become U+FFFD. Newlines and tabs stay; a carriage return becomes a newline.
 */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(sequences, '').replace(controls, '\uFFFD');
}

/** Creates a stateful `printable` for a stream of UTF-8 bytes; invalid bytes become U+FFFD. */
export function createPrintable(): Printable {
  const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
  let kept = '';

  return {
    write(chunk) {
      const text = kept + decoder.decode(chunk, { stream: true });
      const cut = startOfUnfinished(text);
      kept = text.slice(cut);
      return printable(text.slice(0, cut));
    },
    end() {
      const rest = printable(kept + decoder.decode());
      kept = '';
      return rest;
    },
  };
}

function startOfUnfinished(text: string): number {
  if (text.endsWith('\r')) return text.length - 1;
  const from = Math.max(0, text.length - maxSequence);
  const tail = text.slice(from);
  if (!tail.includes(escape)) return text.length;
  const match = unfinished.exec(tail);
  return match === null ? text.length : from + match.index;
}
