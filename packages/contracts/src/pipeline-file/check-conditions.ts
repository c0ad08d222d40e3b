import type { SoundSections } from './check-file.ts';
import { conditionBranches, isEffectStage, readCondition } from './condition.ts';
import type { Remark } from './remark.ts';
import { listedStages } from './stages.ts';
import type { IsWritten } from './written.ts';

/** Conditions of older stages that change the world: one that cannot be kept refuses the file, for it must not be ignored. */
export function checkConditions({ pipeline }: SoundSections, isWritten: IsWritten): Remark[] {
  const stages = listedStages({ pipeline }) ?? [];
  const remarks = stages.flatMap((stage, index): Remark[] => {
    if (stage.condition === undefined || !isEffectStage(stage)) return [];
    const problem = judgeCondition(stage.condition, isWritten);
    return problem === null ? [] : [{ path: ['pipeline', 'stages', index, 'condition'], at: 'value', ...problem }];
  });
  if (conditionBranches({ pipeline })?.length !== 0) return remarks;
  const message = 'The conditions of the stages have no branch in common, so nothing would ever run';
  return [
    ...remarks,
    { path: ['pipeline', 'stages'], at: 'key', message, suggestion: 'Write `triggers: {branches: [main]}`.' },
  ];
}

function judgeCondition(text: string, isWritten: IsWritten): Pick<Remark, 'message' | 'suggestion'> | null {
  const condition = readCondition(text);
  switch (condition.kind) {
    case 'always':
      return null;
    case 'other':
      return {
        message: 'This condition is not understood, and ignoring it could deploy what should not be deployed',
        suggestion: 'Remove it; write `triggers: {branches: [main]}` to run for some branches only.',
      };
    case 'branches':
      return isWritten('triggers', 'branches')
        ? { message: 'Branches are limited here and in `triggers.branches`', suggestion: 'Keep `triggers.branches`.' }
        : null;
  }
}
