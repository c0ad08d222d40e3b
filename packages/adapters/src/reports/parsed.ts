/** What a reader of foreign text gives: a value, or the reason why there is none. Readers never throw. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; reason: string };
