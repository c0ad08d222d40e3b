/** The reference page of the error codes. */
export function renderErrorsPage(codes: Readonly<Record<string, string>>, source: string): string {
  const rows = Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return `${[
    `<!-- ${source} -->`,
    '# Error codes',
    'What the platform itself could not do has one of these codes: in the log as `code`, in the answers of the API and of `orchestra --json` beside `message`. A unit that ends as `error` because of one has it, in small letters, as its reason. What is wrong with the code of a repository is no error but a verdict; its reasons stand in the README of each service.',
    ['| code | means |', '|---|---|', ...rows].join('\n'),
  ].join('\n\n')}\n`;
}
