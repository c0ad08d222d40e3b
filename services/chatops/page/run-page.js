import { read } from './api.js';
import { renderApproval, renderDrift, renderPreflight } from './before-release.js';
import { element, show } from './dom.js';
import { renderInfrastructure, renderProposal } from './infrastructure.js';
import { renderGroups, renderNotes } from './notes.js';
import { renderMoment, renderStatus, renderTime } from './status.js';
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
    ...renderGroups('Infrastructure', slices.iac, renderInfrastructure),
    ...renderGroups('Proposals', slices.iac, (each, environment) => renderProposal(each, { runId, environment })),
    ...renderGroups('Pre-flight', slices.deploy, renderPreflight),
    ...renderGroups('Approvals', slices.deploy, (each, target) => renderApproval(each, { runId, target })),
    ...renderGroups('Rollouts', slices.deploy, renderRollout),
    ...renderGroups('Changed by others in the cluster', slices.deploy, renderDrift),
    ...renderGroups('Watches', slices.observability, renderWatch),
    ...renderGroups('Rollbacks', slices.rollback, (each) => renderRollback(each, runId)),
  ];
}

function renderRollout({ state, release, step, steps, weightPercent, replicas, url, waitsFor, held }) {
  const stands = [
    state.replaceAll('_', ' '),
    release ?? 'no release',
    `step ${step} of ${steps}`,
    `${weightPercent} % of the traffic`,
    ...(replicas ? [`${replicas.ready} of ${replicas.wanted} replicas ready`] : []),
    ...(waitsFor === null ? [] : [`waits for ${waitsFor.replaceAll('_', ' ')}`]),
  ];
  return [stands.join(', '), ...(url === null ? [] : [url]), ...renderHeld(held)];
}

function renderHeld(held) {
  if (!held || held.openedAt !== null) return [];
  const why = held.reason === 'freeze' ? 'frozen' : 'outside of its windows';
  return [`the environment is ${why} until ${held.until === null ? 'a person says so' : renderMoment(held.until)}`];
}

function renderRollback({ decision, reason, fromRelease, toRelease, packet }, runId) {
  return [
    `${decision} (${reason.replaceAll('_', ' ')}), from ${fromRelease ?? 'nothing'} to ${toRelease ?? 'nothing'}`,
    ...(packet === undefined ? [] : [`why: orchestra packet ${runId}`]),
  ];
}
