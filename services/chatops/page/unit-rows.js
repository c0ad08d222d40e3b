import { follow } from './api.js';
import { element } from './dom.js';
import { renderDuration, renderStatus } from './status.js';

const shownAtMost = 500_000;

/** The units of a run as rows that open to show their output. They stay in place while their run changes. */
export function createUnitRows(runId) {
  const list = element('ul', { class: 'rows' });
  const rows = new Map();
  return { list, update, warn, close };

  // Says of each unit what nobody does for it; of all others that nothing is amiss.
  function warn(unattended) {
    const texts = new Map(unattended.map(({ unit, text }) => [unit, text]));
    for (const name of texts.keys()) rowOf(name);
    for (const [name, row] of rows) row.warn(texts.get(name) ?? '');
  }

  function update({ plannedUnits, units }) {
    const planned = plannedUnits.map(({ unit }) => unit);
    const names = [...planned, ...Object.keys(units).filter((unit) => !planned.includes(unit))];
    for (const name of names) rowOf(name).update(units[name] ?? null);
  }

  function close() {
    for (const row of rows.values()) row.close();
  }

  function rowOf(name) {
    if (!rows.has(name)) {
      rows.set(name, createRow(runId, name));
      list.append(rows.get(name).item);
    }
    return rows.get(name);
  }
}

function createRow(runId, name) {
  const status = element('span', {});
  const message = element('span', { class: 'message soft' });
  const duration = element('span', { class: 'duration soft' });
  const warning = element('span', { class: 'warning status wait' });
  const button = element(
    'button',
    { class: 'unit', type: 'button', 'aria-expanded': 'false' },
    element('span', { class: 'mono' }, name),
    status,
    message,
    duration,
    warning,
  );
  const item = element('li', {}, button);
  let log = null;
  button.addEventListener('click', () => {
    log = log === null ? openLog({ runId, name, item }) : (log.close(), null);
    button.setAttribute('aria-expanded', String(log !== null));
  });
  return {
    item,
    update(unit) {
      status.replaceChildren(renderStatus(unit?.status ?? 'queued'));
      message.textContent = unit?.message ?? unit?.reason?.replaceAll('_', ' ') ?? '';
      duration.textContent = unit === null ? '' : renderDuration(unit.startedAt, unit.endedAt);
    },
    warn(text) {
      if (warning.textContent !== text) warning.textContent = text;
    },
    close: () => log?.close(),
  };
}

function openLog({ runId, name, item }) {
  const stop = new AbortController();
  const text = element('pre', { class: 'log', tabindex: '0', 'aria-label': `Output of ${name}` }, 'No output yet.');
  item.append(text);
  let empty = true;
  const onMessage = ({ text: more }) => {
    const atEnd = text.scrollHeight - text.scrollTop - text.clientHeight < 40;
    const all = empty ? more : text.textContent + more;
    text.textContent = all.length > shownAtMost ? `(the beginning is left out)\n${all.slice(-shownAtMost)}` : all;
    empty = false;
    if (atEnd) text.scrollTop = text.scrollHeight;
  };
  const path = `/runs/${encodeURIComponent(runId)}/logs?follow=true&unit=${encodeURIComponent(name)}`;
  follow(path, { onMessage, onConnection() {}, signal: stop.signal }).catch((error) => {
    text.textContent = error.message;
  });
  return {
    close() {
      stop.abort();
      text.remove();
    },
  };
}
