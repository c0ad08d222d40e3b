import {
  askedOfPerson,
  infrastructureQuestion,
  OrchestraError,
  readInfrastructureUnit,
  readTargetUnit,
  type AskedOfPerson,
  type RunState,
} from '@orchestra/contracts';

/** What a run asks a person, and the content that an answer has to name; null: the step that is judged. */
export interface Question {
  unit: string;
  digest: string | null;
}

interface FindQuestion {
  run: Pick<RunState, 'repository' | 'sequence' | 'units' | 'slices'>;
  asked: AskedOfPerson;
  /** Null: whichever asks. */
  environment: string | null;
}

/**
 * The one question of a run. Services of one environment that wait with the same content ask one question.
 *
 * @throws OrchestraError `REQUEST_INVALID` when nothing is asked, or more than one thing
 */
export function findQuestion({ run, asked, environment }: FindQuestion): Question {
  const found = Object.entries(run.units)
    .filter(([unit, state]) => askedOfPerson(unit, state) === asked || (asked === 'answer' && isRemoved(unit, run)))
    .filter(([unit]) => environment === null || environmentOf(unit) === environment)
    .map(([unit]): Question => ({ unit, digest: digestOf(unit, run) }));
  const different = [...new Map(found.map((each) => [each.digest ?? each.unit, each])).values()];
  const [first, ...others] = different;
  const where = environment === null ? '' : ` for ${environment}`;
  if (first === undefined) {
    throw new OrchestraError('REQUEST_INVALID', `${run.repository} #${run.sequence} asks for nothing${where}`);
  }
  if (others.length === 0) return first;
  const units = different.map(({ unit }) => unit).join(', ');
  throw new OrchestraError('REQUEST_INVALID', `The run asks more than one thing, name one by --unit: ${units}`);
}

/** The same of one unit, whether it asks or not: who answers early knows what. */
export function questionOf(unit: string, run: FindQuestion['run']): Question {
  return { unit, digest: digestOf(unit, run) };
}

// Its unit has ended, and what it made waits to be destroyed.
function isRemoved(unit: string, { slices }: FindQuestion['run']): boolean {
  const environment = readInfrastructureUnit(unit);
  return environment !== null && infrastructureQuestion(slices.iac[environment]?.removal) !== null;
}

function environmentOf(unit: string): string | null {
  return readInfrastructureUnit(unit) ?? readTargetUnit(unit)?.environment ?? null;
}

function digestOf(unit: string, { units, slices }: FindQuestion['run']): string | null {
  const plan = readInfrastructureUnit(unit);
  if (plan !== null) return infrastructureQuestion(slices.iac[plan])?.digest ?? null;
  // A step that is judged asks about itself.
  const target = units[unit]?.reason === 'approval' ? unit.slice('deploy/'.length) : '';
  return slices.deploy[target]?.approval?.digest ?? null;
}
