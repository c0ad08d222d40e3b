import { read } from './api.js';
import { renderApprovals, renderDrifts, renderPreflights } from './before-release.js';
import { element, show } from './dom.js';
import { renderStatus, renderTime } from './status.js';
import { createUnitRows } from './unit-rows.js';
import { renderWatch } from './watch.js';

const askAgainMs = 5000;

/** The page of one run. `update` takes any run, and shows its own. */
export async function createRunPage(place, runId) {
  const head = element('div', {});
  const status = element('p', { role: 'status', 'aria-live': 'polite' });
  const units = createUnitRows(runId);
  const details = element('div', {});
  const why = element('pre', { class: 'why', tabindex: '0' });
  show(place, head, status, element('h2', {}, 'Stages'), units.list, details, element('h2', {}, 'Why'), why);
  let explained = null;
  let ended = false;

  const page = { title: `Run ${runId}`, update, close };
  update(await read(`/runs/${encodeURIComponent(runId)}`));
  // That nobody does anything is no news that anybody sends.
  const asking = setInterval(() => ended || explain(), askAgainMs);
  return page;

  function update({ run, overall }) {
    if (run.runId !== runId) return;
    page.title = `${run.repository} #${run.sequence}`;
    show(head, ...renderHead(run));
    show(status, renderStatus(overall.status), ` ${overall.reason}`);
    units.update(run);
    show(details, ...renderDetails(run));
    ended = run.endedAt !== null;
    if (explained !== run.v) explain();
    explained = run.v;
  }

  function explain() {
    read(`/runs/${encodeURIComponent(runId)}/why`).then(
      ({ text, unattended }) => {
        why.textContent = text;
        units.warn(unattended);
      },
      (error) => (why.textContent = error.message),
    );
  }

  function close() {
    clearInterval(asking);
    units.close();
  }
}

function renderHead(run) {
  const about = [run.branch ?? run.ref, run.commit.slice(0, 10), run.author].join(' · ');
  return [
    element('h1', {}, `${run.repository} #${run.sequence}`),
    element(
      'p',
      { class: 'soft' },
      run.message?.split('\n')[0] ?? '',
      ' ',
      element('span', { class: 'mono' }, about),
      ' ',
      renderTime(run.createdAt),
    ),
    ...run.notes.map((note) =>
      element(
        'p',
        { class: 'status wait' },
        element('span', { 'aria-hidden': 'true' }, '⚠'),
        note.replaceAll('_', ' '),
      ),
    ),
  ];
}

function renderRollout([name, { state, release, step, steps, weightPercent, replicas, url, waitsFor }]) {
  return [
    `${name}: ${state}`,
    release ?? 'no release',
    `step ${step} of ${steps}`,
    `${weightPercent} % of the traffic`,
    ...(replicas ? [`${replicas.ready} of ${replicas.wanted} replicas ready`] : []),
    ...(waitsFor === null ? [] : [`waits for ${waitsFor}`]),
    ...(url === null ? [] : [url]),
  ].join(', ');
}

function renderDetails({ runId, slices }) {
  const { source, artifact } = slices['code-analysis'];
  const findings = [...(source?.findings ?? []), ...(artifact?.findings ?? [])];
  return [
    ...renderNotes(
      'Why the commit cannot run',
      slices.gitops.source?.problems ?? [],
      (each) => `${each.frame === '' ? '' : `${each.line}:${each.column} `}${each.message}`,
    ),
    ...renderNotes(
      'Findings',
      findings,
      (each) =>
        `${each.severity} ${each.path}${each.line === null ? '' : `:${each.line}`} ${each.message} (${each.rule})`,
    ),
    ...renderNotes('Failed tests', slices.test.report?.failures ?? [], (each) => `${each.name}: ${each.message}`),
    ...renderNotes('Infrastructure', Object.entries(slices.iac).flatMap(renderInfrastructure), (each) => each),
    ...renderNotes('Proposals', renderProposals(runId, slices.iac), (each) => each),
    ...renderNotes('Pre-flight', renderPreflights(slices.deploy), (each) => each),
    ...renderNotes('Approvals', renderApprovals(slices.deploy), (each) => each),
    ...renderNotes('Rollouts', Object.entries(slices.deploy), renderRollout),
    ...renderNotes('Changed by others in the cluster', renderDrifts(slices.deploy), (each) => each),
    ...renderNotes('Watches', Object.entries(slices.observability).flatMap(renderWatch), (each) => each),
    ...renderNotes(
      'Rollbacks',
      Object.entries(slices.rollback),
      ([name, each]) =>
        `${name}: ${each.decision} (${each.reason.replaceAll('_', ' ')}), from ${each.fromRelease ?? 'nothing'} to ${each.toRelease ?? 'nothing'}${each.packet === undefined ? '' : `; why: orchestra packet ${runId}`}`,
    ),
  ];
}

// Written by a language model: only ever shown as text.
function renderProposals(runId, plans) {
  return Object.entries(plans).flatMap(([environment, { proposal }]) => {
    if (!proposal) return [];
    const { state, reason, message, files } = proposal;
    if (state !== 'made') return [`${environment}: no proposal: ${message ?? reason.replaceAll('_', ' ')}`];
    const how = `orchestra proposal ${runId} --environment ${environment}`;
    return [
      `${environment}: a proposal for people, by a language model, that nothing applies: ${files.join(', ')}; ${how}`,
    ];
  });
}

function renderInfrastructure([environment, plan]) {
  const { phase, toAdd, toChange, toDestroy, changes = [], drift } = plan;
  // Nothing was planned: what was proposed in its place is shown by itself.
  if (plan.proposal && plan.planDigest === null) return [];
  return [
    `${environment}: +${toAdd} ~${toChange} -${toDestroy}, ${phase}`,
    ...changes.map((change) => `${environment}: ${change}`),
    ...renderQuestion(environment, plan),
    ...(drift && drift.found !== 'none'
      ? [
          `${environment}: ${drift.found.replaceAll('_', ' ')} at ${drift.at}: ${drift.message ?? drift.drifted.join(', ')}`,
        ]
      : []),
    ...renderRemoval(environment, plan),
  ];
}

function renderQuestion(environment, { question }) {
  if (!question) return [];
  const asked = question.approvers.length > 0 ? question.approvers.join(' or ') : 'a person';
  return [`${environment}: waits for ${asked} until ${question.until}, to approve ${question.digest}`];
}

/** What goes with a rollback, of an environment that is made to be thrown away. */
function renderRemoval(environment, { removal }) {
  if (!removal) return [];
  const { phase, destroys, ended } = removal;
  const why = ended === null ? '' : `, ${ended.message ?? ended.reason.replaceAll('_', ' ')}`;
  return [
    `${environment}: destroying what was applied: ${phase}${why}`,
    ...destroys.map((address) => `${environment}: - ${address}`),
    ...renderQuestion(environment, removal),
  ];
}

const shownAtMost = 200;

function renderNotes(title, notes, render) {
  if (notes.length === 0) return [];
  const rows = notes.slice(0, shownAtMost).map((note) => element('li', { class: 'note mono' }, render(note)));
  const more =
    notes.length > shownAtMost ? [element('li', { class: 'note soft' }, `and ${notes.length - shownAtMost} more`)] : [];
  return [element('h2', {}, title), element('ul', { class: 'rows' }, ...rows, ...more)];
}
