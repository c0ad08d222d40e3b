import { element } from './dom.js';

const shownAtMost = 200;

/** A section of notes, a row each; nothing where there is none. */
export function renderNotes(title, notes, render) {
  return renderRows(
    title,
    notes.map((note) => element('li', { class: 'note mono' }, render(note))),
  );
}

/** A section with a row for each environment or target of which there is something to say, in lines beside its name. */
export function renderGroups(title, slice, render) {
  const said = Object.entries(slice).map(([name, each]) => [name, render(each, name)]);
  const rows = said
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) =>
      element(
        'li',
        { class: 'note group' },
        element('span', { class: 'mono' }, name),
        element('ul', { class: 'lines' }, ...shorten(lines.map((line) => element('li', {}, line)))),
      ),
    );
  return renderRows(title, rows);
}

function renderRows(title, rows) {
  if (rows.length === 0) return [];
  return [element('h2', {}, title), element('ul', { class: 'rows' }, ...shorten(rows))];
}

function shorten(rows) {
  if (rows.length <= shownAtMost) return rows;
  const more = element('li', { class: 'note soft' }, `and ${rows.length - shownAtMost} more`);
  return [...rows.slice(0, shownAtMost), more];
}
