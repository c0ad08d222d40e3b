import type { ProposedFile } from '../ports.ts';

/** New files as a patch that `git apply` takes. Each text ends with a line break; paths are plain. */
export function renderPatch(files: readonly ProposedFile[]): string {
  return files.map(renderFile).join('');
}

function renderFile({ path, content }: ProposedFile): string {
  const lines = content.split('\n').slice(0, -1);
  return [
    `diff --git a/${path} b/${path}`,
    'new file mode 100644',
    '--- /dev/null',
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
    '',
  ].join('\n');
}
