import { element } from './dom.js';

// Never by colour alone: each status has an icon and a word.
const looks = {
  queued: ['○', 'queued', 'idle'],
  running: ['◐', 'running', 'busy'],
  waiting: ['◷', 'waiting', 'wait'],
  waiting_for_person: ['⚑', 'waits for a person', 'wait'],
  success: ['✔', 'success', 'good'],
  not_needed: ['–', 'not needed', 'idle'],
  failure: ['✘', 'failure', 'bad'],
  error: ['⚠', 'error', 'bad'],
  skipped: ['⇥', 'skipped', 'idle'],
  cancelled: ['⊘', 'cancelled', 'idle'],
  timed_out: ['⌛', 'timed out', 'bad'],
  unknown: ['?', 'unknown', 'wait'],
  rolled_back: ['↩', 'rolled back', 'bad'],
  superseded: ['»', 'superseded', 'idle'],
};

/** A status as icon and word; `label` says what has it. */
export function renderStatus(status, label = null) {
  const [icon, word, look] = looks[status] ?? ['·', status, 'idle'];
  const text = label === null ? word : label;
  const hidden = label === null ? null : element('span', { class: 'soft' }, word);
  return element('span', { class: `status ${look}` }, element('span', { 'aria-hidden': 'true' }, icon), text, hidden);
}

/** How long something took or takes, for people. */
export function renderDuration(startedAt, endedAt) {
  if (startedAt === null) return '';
  const end = endedAt === null ? Date.now() : Date.parse(endedAt);
  const seconds = Math.max(0, (end - Date.parse(startedAt)) / 1000);
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A moment in the reader's own time. */
export function renderTime(at) {
  return element('time', { datetime: at, class: 'soft' }, renderMoment(at));
}

/** The same within a sentence. */
export function renderMoment(at) {
  return new Date(at).toLocaleString();
}
