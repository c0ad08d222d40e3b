import type { Rule } from './tree.ts';

const limit = 250;

/** No source is longer than 250 lines, blanks and comments not counted. */
export const fileSizes: Rule = (tree) => {
  const sources = tree.files.filter((path) => /\.(ts|tsx|mjs|js)$/.test(path) && !path.includes('.generated.'));
  const ours = sources.filter((path) => /^(packages|services|apps|bench|scripts)\/|^e2e\/src\//.test(path));
  const sizes = ours.map((path) => ({ path, lines: countLines(tree.read(path)) }));
  const long = sizes.filter(({ lines }) => lines > limit);
  return long.map(({ path, lines }) => `${path}: has ${lines} lines, ${limit} are the end`);
};

/** Lines with code on them. */
export function countLines(text: string): number {
  const code = text.replaceAll(/\/\*[^]*?\*\//g, '').split('\n');
  return code.filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}
