import { oneLine, renderProblems, type BuildSlice, type SourceSlice } from '@orchestra/contracts';
import { counted } from './counted.ts';
import type { Paint } from './paint.ts';
import { renderDuration } from './render-duration.ts';

/** What is wrong with the pipeline file, and which licences are denied. */
export function renderSource({ problems, warnings, licenses }: SourceSlice, paint: Paint): string[] {
  const report = renderProblems({ fileName: 'pipeline file', problems, warnings });
  const denied = licenses.filter(({ verdict }) => verdict === 'denied');
  return [
    ...(report === '' ? [] : report.trimEnd().split('\n')),
    ...denied.map(
      (one) => `licence ${paint('red', 'denied')}: ${oneLine(`${one.name} ${one.version} (${one.license})`)}`,
    ),
  ];
}

/** What was built, by digest; nothing of a build that was not needed. */
export function renderBuild({ tool, artifacts, durationMs }: BuildSlice): string[] {
  if (tool === 'none' && artifacts.length === 0) return [];
  return [
    `build: ${counted(artifacts.length, 'artifact')} by ${tool} in ${renderDuration(durationMs)}`,
    ...artifacts.map(
      ({ name, sizeBytes, digest, reference }) => `  ${oneLine(name)}  ${sizeOf(sizeBytes)}  ${reference ?? digest}`,
    ),
  ];
}

function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
