const hidden = '[secret]';

// Bounded everywhere: the texts are foreign.
const namedSecret =
  /([\w.-]{0,40}(?:passw|passphrase|secret|token|credential|_auth|(?:api|access|private|signing)[-_]?key)[\w.-]{0,40}["']?\s{0,9}[:=]\s{0,9})("[^"\n]*"|'[^'\n]*'|[^\s,;"'}]+)/gi;

const shapes: readonly RegExp[] = [
  /-----BEGIN [^-]{1,60}-----[\s\S]*?(?:-----END [^-]{1,60}-----|$)/g,
  /\b(?:gh[a-z]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|AKIA[0-9A-Z]{16}|sk-[\w-]{16,}|npm_\w{30,})/g,
  /\beyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]+)?/g,
];

/** Hides what a text carries of secrets: values under a name like one, users of addresses, keys, tokens by their form. */
export function hideSecrets(text: string): string {
  let masked = text;
  for (const shape of shapes) masked = masked.replaceAll(shape, hidden);
  return masked
    .replaceAll(/\/\/[^\s/"'<>@]{1,500}@/g, `//${hidden}@`)
    .replaceAll(/\b(bearer|basic)\s{1,9}[\w.~+/=-]{8,}/gi, `$1 ${hidden}`)
    .replaceAll(namedSecret, `$1${hidden}`);
}
