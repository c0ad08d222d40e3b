import { ApiError, findToken, follow, keepToken } from './api.js';
import { element, show } from './dom.js';
import { createRunList } from './run-list.js';
import { createRunPage } from './run-page.js';

const place = document.querySelector('#main');
const connection = document.querySelector('#connection');
const signOut = document.querySelector('#sign-out');
const newest = new Map();
let view = null;

takeTokenFromAddress();
signOut.addEventListener('click', () => {
  keepToken(null);
  location.assign('/');
});
addEventListener('popstate', () => void openView(true));
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="/"]');
  if (link === null || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  history.pushState(null, '', link.getAttribute('href'));
  void openView(true);
});
if (findToken() === null) askForToken(null);
else start();

// A link may bring the token behind a #, which no server sees; it does not stay in the address.
function takeTokenFromAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  keepToken(token);
  history.replaceState(null, '', location.pathname);
}

function start() {
  signOut.hidden = false;
  void openView(false);
  const signal = new AbortController().signal;
  follow('/events', { onMessage, onConnection, signal }).catch(refuse);
}

function onMessage(shown) {
  newest.set(shown.run.runId, shown);
  view?.update(shown);
}

function onConnection(connected) {
  const text = connected ? 'Live' : 'Connection lost, trying again';
  if (connection.textContent !== text) connection.textContent = text;
}

async function openView(moveFocus) {
  view?.close();
  view = null;
  const runId = /^\/runs\/([^/]+)$/.exec(location.pathname)?.[1];
  try {
    const opened = runId === undefined ? createRunList(place) : await createRunPage(place, decodeURIComponent(runId));
    view = opened;
    for (const shown of newest.values()) opened.update(shown);
    document.title = `${opened.title} · DevOps Orchestra`;
    if (moveFocus) place.focus();
  } catch (error) {
    refuse(error);
  }
}

function refuse(error) {
  if (error instanceof ApiError && error.code === 'NOT_AUTHORIZED') {
    keepToken(null);
    askForToken('The token is not known.');
    return;
  }
  show(place, element('h1', {}, 'That did not work'), element('p', {}, error.message));
}

function askForToken(problem) {
  const input = element('input', { name: 'token', type: 'password', autocomplete: 'off', required: '' });
  const form = element(
    'form',
    { class: 'token' },
    element('label', {}, 'API token', input),
    element('button', { type: 'submit' }, 'Show runs'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    keepToken(input.value.trim());
    start();
  });
  const said = problem === null ? [] : [element('p', { class: 'status bad', role: 'alert' }, problem)];
  show(place, element('h1', {}, 'Runs'), ...said, form);
  input.focus();
}
