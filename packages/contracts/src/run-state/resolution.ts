/** What a person says of an effect that was cut: it is there, it is not there, or it is to be tried again. */
export const resolutions = ['happened', 'did_not_happen', 'try_again'] as const;
export type Resolution = (typeof resolutions)[number];

/** Reads the word of a RESOLVE; null: it has none that this version knows. */
export function readResolution(word: string | null): Resolution | null {
  return resolutions.find((known) => known === word) ?? null;
}
