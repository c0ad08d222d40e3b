import { renderMoment } from './status.js';

/** What a plan does, what it waits for and what it gave, and what is destroyed with a rollback. */
export function renderInfrastructure(plan) {
  const { phase, toAdd, toChange, toDestroy, changes = [], drift } = plan;
  // Nothing was planned: what was proposed in its place is shown by itself.
  if (plan.proposal && plan.planDigest === null) return [];
  return [
    `+${toAdd} ~${toChange} -${toDestroy}, ${phase}`,
    ...changes,
    ...renderQuestion(plan),
    ...renderDrift(drift),
    ...renderOutputs(plan),
    ...renderRemoval(plan),
  ];
}

/** Written by a language model: only ever shown as text. */
export function renderProposal({ proposal }, { runId, environment }) {
  if (!proposal) return [];
  const { state, reason, message, files } = proposal;
  if (state !== 'made') return [`no proposal: ${message ?? reason.replaceAll('_', ' ')}`];
  return [
    `a proposal for people, by a language model, that nothing applies: ${files.join(', ')}`,
    `orchestra proposal ${runId} --environment ${environment}`,
  ];
}

function renderDrift(drift) {
  if (!drift || drift.found === 'none') return [];
  const { found, at, drifted, message } = drift;
  return [`${found.replaceAll('_', ' ')}, seen at ${renderMoment(at)}: ${message ?? drifted.join(', ')}`];
}

/** What it gives to others. Of a sensitive one nothing is known here but where it stands. */
function renderOutputs({ outputs, sensitiveOutputs = [] }) {
  return [
    ...Object.entries(outputs).map(([name, value]) => `${name} = ${value}`),
    ...sensitiveOutputs.map(({ output, state, tool }) => `${output}: sensitive, in the state of ${state} (${tool})`),
  ];
}

function renderQuestion({ question }) {
  if (!question) return [];
  const asked = question.approvers.length > 0 ? question.approvers.join(' or ') : 'a person';
  return [`waits for ${asked} until ${renderMoment(question.until)}, to approve ${question.digest}`];
}

/** What goes with a rollback, of an environment that is made to be thrown away. */
function renderRemoval({ removal }) {
  if (!removal) return [];
  const { phase, destroys, ended } = removal;
  const why = ended === null ? '' : `, ${ended.message ?? ended.reason.replaceAll('_', ' ')}`;
  return [
    `destroying what was applied: ${phase}${why}`,
    ...destroys.map((address) => `destroys ${address}`),
    ...renderQuestion(removal),
  ];
}
