/** Hides values in text that comes in pieces. */
export interface Mask {
  /** A whole text with `[secret]` in place of each value. */
  whole(text: string): string;
  /** A stream of text: a value that is cut in two by its pieces is found as well. `end` gives what was held back. */
  stream(show: (text: string) => void): { write(text: string): void; end(): void };
}

// Shorter values, such as `true` or a region's number, are no secrets, and hiding them would make the log unreadable.
const shortestSecret = 6;

/**
 * Creates a mask for values; of a value of several lines, such as a key, each line is hidden too.
 *
 * @param values those under 6 characters are left alone
 */
export function createMask(values: readonly string[]): Mask {
  const secrets = secretsOf(values);
  const longest = secrets[0]?.length ?? 0;

  function whole(text: string): string {
    let masked = text;
    for (const secret of secrets) masked = masked.replaceAll(secret, '[secret]');
    return masked;
  }

  return {
    whole,
    stream(show) {
      let held = '';
      return {
        write(text) {
          const masked = whole(held + text);
          // Only an ending that may be the beginning of a secret waits for more.
          const rest = beginningAtEnd(masked, secrets, longest);
          held = masked.slice(masked.length - rest);
          if (masked.length > rest) show(masked.slice(0, masked.length - rest));
        },
        end() {
          if (held !== '') show(held);
          held = '';
        },
      };
    },
  };
}

// The longest first: one that holds another is hidden whole.
function secretsOf(values: readonly string[]): string[] {
  const parts = values.flatMap((value) => [value, ...value.split('\n').map((line) => line.trim())]);
  const secrets = parts.filter((part) => part.length >= shortestSecret);
  return [...new Set(secrets)].toSorted((one, other) => other.length - one.length);
}

function beginningAtEnd(text: string, secrets: readonly string[], longest: number): number {
  for (let length = Math.min(longest - 1, text.length); length > 0; length -= 1) {
    const ending = text.slice(text.length - length);
    if (secrets.some((secret) => secret.startsWith(ending))) return length;
  }
  return 0;
}
