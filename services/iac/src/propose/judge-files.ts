import { posix } from 'node:path';
import type { ProposalRequest, ProposedFile } from '../ports.ts';

export type FilesDecision =
  | { kind: 'show'; reason: 'proposed'; files: readonly ProposedFile[] }
  | { kind: 'refuse'; reason: 'path_refused' | 'content_refused' | 'too_large'; message: string };

const maxFiles = 10;
const maxBytes = 65_536;
const maxLineChars = 2_000;

const part = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;
const names: Record<ProposalRequest['tool'], RegExp> = {
  terraform: /\.(?:tf|tofu|tftpl|tfvars)$/,
  cloudformation: /^(?:template\.(?:ya?ml|json)|parameters\.json)$/,
};
// Control characters, and those that turn or hide text: a person could not see what is there.
const unseen = /[^\P{Cc}\t\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const runsPrograms = /\b(?:local-exec|remote-exec)\b|\bdata\s+"(?:external|http)"|\bmodule\s+"/;

/**
 * Whether what a model wrote may be shown to people as a patch: few small files of text, new ones by plain names in the folder,
 * of the kind that was asked for, and none that would run a program when it is planned or applied. Foreign in every part.
 */
export function judgeFiles(
  written: readonly ProposedFile[],
  { folder, tool }: { folder: string; tool: ProposalRequest['tool'] },
): FilesDecision {
  const files = written.map(({ path, content }) => ({ path, content: endWithLine(content.replaceAll('\r\n', '\n')) }));
  const size = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  if (files.length > maxFiles || size > maxBytes) {
    const message = `The model proposes ${files.length} files of ${size} bytes; at most ${maxFiles} of ${maxBytes} are shown`;
    return { kind: 'refuse', reason: 'too_large', message };
  }
  const isPathRefused = files.some(({ path }) => !isNameOf(tool, path)) || isTwice(files.map(({ path }) => path));
  if (isPathRefused || !isPlain(folder)) {
    const message =
      'The model proposes a file outside of the folder, of another kind, or with a name that is not plain';
    return { kind: 'refuse', reason: 'path_refused', message };
  }
  const content = files.map((file) => findContentProblem(file.content)).find((problem) => problem !== null);
  if (content !== undefined) return { kind: 'refuse', reason: 'content_refused', message: content };
  const inFolder = files.map((file) => ({ ...file, path: posix.join(folder, file.path) }));
  return { kind: 'show', reason: 'proposed', files: inFolder };
}

function endWithLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

function isNameOf(tool: ProposalRequest['tool'], path: string): boolean {
  const parts = path.split('/');
  return parts.length <= 3 && parts.every((name) => part.test(name)) && names[tool].test(path);
}

// A file system may not tell upper from lower case.
function isTwice(paths: readonly string[]): boolean {
  return new Set(paths.map((path) => path.toLowerCase())).size < paths.length;
}

function isPlain(folder: string): boolean {
  const normal = posix.normalize(folder).replace(/\/$/, '');
  return normal === '.' || normal.split('/').every((name) => part.test(name));
}

function findContentProblem(content: string): string | null {
  if (content.trim() === '') return 'The model proposes an empty file';
  if (unseen.test(content)) return 'The model proposes characters that nobody would see';
  if (content.split('\n').some((line) => line.length > maxLineChars))
    return 'The model proposes lines that nobody would read';
  return runsPrograms.test(content) ? 'The model proposes to run programs, or modules from elsewhere' : null;
}
