const kept = 'orchestra-token';

/** The reader's token, for as long as the tab is open. */
export function findToken() {
  return sessionStorage.getItem(kept);
}

export function keepToken(token) {
  if (token === null) sessionStorage.removeItem(kept);
  else sessionStorage.setItem(kept, token);
}

/** What the server refused, with its code. */
export class ApiError extends Error {
  constructor({ code, message }) {
    super(message);
    this.code = code;
  }
}

async function reach(path, headers, signal) {
  const asked = { authorization: `Bearer ${findToken() ?? ''}`, 'x-orchestra-client': 'dashboard', ...headers };
  const response = await fetch(`/api/v1${path}`, { headers: asked, signal });
  if (response.ok) return response;
  throw new ApiError(await response.json().catch(() => ({ code: 'UNREADABLE', message: `Status ${response.status}` })));
}

/** Reads one answer of the API. */
export async function read(path) {
  const response = await reach(path, {});
  return response.json();
}

/** Reads the messages of one event stream until it ends. `EventSource` could not send the token but in the address. */
async function* readStream(path, lastId, { onConnection, signal }) {
  const headers = { accept: 'text/event-stream', ...(lastId === null ? {} : { 'last-event-id': lastId }) };
  const response = await reach(path, headers, signal);
  onConnection(true);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) yield* parseBlock(block);
  }
}

function parseBlock(block) {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  return fields.data === undefined
    ? []
    : [{ id: fields.id ?? null, event: fields.event, data: JSON.parse(fields.data) }];
}

const retryMs = 2000;

/** Follows an event stream for as long as the signal lets it, and resumes where it broke off. */
export async function follow(path, reader) {
  const state = { lastId: null, ended: false };
  while (!reader.signal.aborted && !state.ended) {
    await followOnce(path, reader, state).catch(ignoreBreak);
    reader.onConnection(false);
    if (!state.ended) await pause(retryMs);
  }
}

async function followOnce(path, reader, state) {
  for await (const { id, event, data } of readStream(path, state.lastId, reader)) {
    state.lastId = id ?? state.lastId;
    state.ended = event === 'end';
    if (!state.ended) reader.onMessage(data);
  }
}

// What the server refuses it would refuse again; a line that broke may come back.
function ignoreBreak(error) {
  if (error instanceof ApiError && error.code !== 'STORE_UNAVAILABLE') throw error;
}

function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
