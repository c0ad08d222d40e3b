import { checkApprovals } from './check-approvals.ts';
import { checkBuild, checkAnalysis, checkTesting } from './check-stages.ts';
import { checkCluster } from './check-cluster.ts';
import { checkConditions } from './check-conditions.ts';
import { checkDependencies } from './check-dependencies.ts';
import { checkDeployment, checkTiming } from './check-deployment.ts';
import { checkInFront } from './check-in-front.ts';
import { checkInputs } from './check-inputs.ts';
import { checkJudgement } from './check-judgement.ts';
import { checkRemoval } from './check-removal.ts';
import { checkWindows } from './check-windows.ts';
import type { Remark } from './remark.ts';
import type { PipelineFile } from './schema.ts';
import type { IsWritten } from './written.ts';

/** The sections that satisfy the schema by themselves, in a file that may be wrong elsewhere. */
export type SoundSections = { readonly [K in keyof PipelineFile]?: PipelineFile[K] | undefined };

/** What is wrong between keys: each check looks at the sections it needs, and waits for none of the others. */
export function checkFile(sections: SoundSections, isWritten: IsWritten): Remark[] {
  return [
    ...checkLicenses(sections),
    ...checkBuild(sections),
    ...checkAnalysis(sections),
    ...checkTesting(sections, isWritten),
    ...checkDeployment(sections),
    ...checkApprovals(sections),
    ...checkCluster(sections),
    ...checkInputs(sections),
    ...checkInFront(sections),
    ...checkWindows(sections),
    ...checkDependencies(sections),
    ...checkTiming(sections),
    ...checkJudgement(sections),
    ...checkRemoval(sections, isWritten),
    ...checkConditions(sections, isWritten),
  ];
}

function checkLicenses({ licenses }: SoundSections): Remark[] {
  if (licenses === undefined) return [];
  return licenses.allow.flatMap((name, index): Remark[] => {
    if (!licenses.deny.includes(name)) return [];
    const message = 'A licence cannot be both allowed and denied';
    return [
      { path: ['licenses', 'allow', index], at: 'value', message, suggestion: 'Keep it in one of the two lists.' },
    ];
  });
}
