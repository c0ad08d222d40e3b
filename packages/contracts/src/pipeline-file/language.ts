/** What the default tools of a project follow from. */
export type LanguageFamily = 'javascript' | 'python' | 'unknown' | 'other';

const javascript = new Set(['javascript', 'typescript', 'js', 'ts', 'node', 'nodejs', 'node.js']);
const python = new Set(['python', 'python3', 'py']);

/** The family of a language as people write it; `unknown` when the file names none. */
export function judgeLanguage(language: string | null): LanguageFamily {
  if (language === null) return 'unknown';
  const word = language.trim().toLowerCase();
  if (javascript.has(word)) return 'javascript';
  return python.has(word) ? 'python' : 'other';
}
