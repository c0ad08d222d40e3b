import type { Slices } from '@orchestra/contracts';
import type { Paint } from './paint.ts';
import { renderAnalysis } from './render-analysis.ts';
import { renderBeforeRelease } from './render-before-release.ts';
import { renderBuild, renderSource } from './render-build.ts';
import { renderInfrastructure } from './render-infrastructure.ts';
import { renderChanges, renderRollback, renderRollout, renderWatch } from './render-release.ts';
import { renderTests } from './render-tests.ts';

/** What the services of a run found and did, in the order of the stages; nothing of those that did nothing. */
export function renderSlices(slices: Slices, paint: Paint): string[] {
  const { gitops, build, 'code-analysis': analysis, test, iac, deploy, observability, rollback } = slices;
  return [
    ...(gitops.source === undefined ? [] : renderSource(gitops.source, paint)),
    ...(build.result === undefined ? [] : renderBuild(build.result)),
    ...(analysis.source === undefined ? [] : renderAnalysis('source', analysis.source, paint)),
    ...(analysis.artifact === undefined ? [] : renderAnalysis('artifact', analysis.artifact, paint)),
    ...(test.report === undefined ? [] : renderTests(test.report, paint)),
    ...Object.entries(iac).flatMap(([environment, slice]) => renderInfrastructure(environment, slice, paint)),
    ...Object.entries(deploy).flatMap(([target, slice]) => [
      ...renderBeforeRelease(target, slice, paint),
      renderRollout(target, slice),
      ...renderChanges(target, slice),
    ]),
    ...Object.entries(observability).flatMap(([target, slice]) => renderWatch(target, slice, paint)),
    ...Object.entries(rollback).flatMap(([target, slice]) => renderRollback(target, slice, paint)),
  ];
}
