import { read } from './api.js';
import { element, show } from './dom.js';
import { renderStatus, renderTime } from './status.js';

/** The list of runs, newest first. `update` takes a run as it is now. */
export function createRunList(place) {
  const runs = new Map();
  const rows = element('ul', { class: 'rows' });
  const empty = element('p', { class: 'soft' }, 'Reading the runs…');
  rows.hidden = true;
  show(place, element('h1', {}, 'Runs'), empty, rows);

  // The stream of changes does not say that there is nothing. What is refused, it says itself.
  read('/runs?limit=1').then(
    ({ runs: found }) => {
      if (found.length === 0) empty.textContent = 'No runs yet. Push to a repository that is on the allow-list.';
    },
    () => {},
  );

  return {
    title: 'Runs',
    update(shown) {
      const { runId } = shown.run;
      const row = renderRow(shown);
      const before = runs.get(runId);
      const focused = before?.contains(document.activeElement) ?? false;
      if (before) before.replaceWith(row);
      else insert(row, runId);
      runs.set(runId, row);
      row.dataset.id = runId;
      if (focused) row.firstElementChild.focus();
      empty.hidden = true;
      rows.hidden = false;
    },
    close() {},
  };

  // Run ids sort by time.
  function insert(row, runId) {
    const older = [...rows.children].find((other) => other.dataset.id < runId) ?? null;
    rows.insertBefore(row, older);
  }
}

function renderRow({ run, overall }) {
  const about = [run.branch ?? run.ref, run.commit.slice(0, 10), run.author].join(' · ');
  const link = element(
    'a',
    { class: 'run', href: `/runs/${run.runId}` },
    renderStatus(overall.status),
    element(
      'span',
      { class: 'subject' },
      element('span', { class: 'name' }, `${run.repository} #${run.sequence}`),
      ' ',
      run.message?.split('\n')[0] ?? '',
    ),
    renderTime(run.createdAt),
    element('span', { class: 'stages' }, element('span', { class: 'soft' }, about), ...renderStages(run)),
  );
  return element('li', {}, link);
}

const order = [
  'failure',
  'error',
  'timed_out',
  'unknown',
  'cancelled',
  'skipped',
  'running',
  'waiting',
  'queued',
  'success',
  'not_needed',
];

// One mark a service: the status that matters most among its units.
function renderStages({ plannedUnits, units }) {
  const services = [...new Set(plannedUnits.map(({ service }) => service))];
  return services.map((service) => {
    const own = plannedUnits
      .filter((planned) => planned.service === service)
      .map(({ unit }) => units[unit]?.status ?? 'queued');
    const status = order.find((each) => own.includes(each)) ?? 'queued';
    return renderStatus(status, service);
  });
}
