/** Raised with each change of the tables; a file of a later version is refused. */
export const schemaVersion = 3;

// Times are milliseconds since 1970. `due_at` is null while nothing but a person or a wake brings the job back, while it
// runs, and when it is done, so that the index of due jobs holds only what may be claimed.
const runTables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE refs (
  repository TEXT NOT NULL, ref TEXT NOT NULL, supersedes INTEGER NOT NULL, PRIMARY KEY (repository, ref)
) STRICT, WITHOUT ROWID;
CREATE TABLE heads (
  repository TEXT NOT NULL, ref TEXT NOT NULL, commit_id TEXT NOT NULL, run_id TEXT, found INTEGER NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (repository, ref)
) STRICT, WITHOUT ROWID;
CREATE TABLE admissions (name TEXT PRIMARY KEY, run_id TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE runs (
  run_id TEXT PRIMARY KEY, repository TEXT NOT NULL, ref TEXT NOT NULL, sequence INTEGER NOT NULL, v INTEGER NOT NULL,
  generation INTEGER NOT NULL, created_at INTEGER NOT NULL, deadline_at INTEGER, ended_at INTEGER,
  hops_limit INTEGER NOT NULL, spared INTEGER NOT NULL, identity TEXT NOT NULL, planned_units TEXT NOT NULL,
  notes TEXT NOT NULL, UNIQUE (repository, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX unfinished_runs ON runs (repository, ref) WHERE ended_at IS NULL;
CREATE INDEX ended_runs ON runs (ended_at) WHERE ended_at IS NOT NULL;
CREATE TABLE units (
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, unit TEXT NOT NULL, generation INTEGER NOT NULL,
  status TEXT NOT NULL, reason TEXT, message TEXT, at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER,
  PRIMARY KEY (run_id, unit)
) STRICT, WITHOUT ROWID;
CREATE TABLE made_units (
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, unit TEXT NOT NULL, generation INTEGER NOT NULL,
  PRIMARY KEY (run_id, unit, generation)
) STRICT, WITHOUT ROWID;
CREATE TABLE slices (
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, service TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (run_id, service, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE wishes (
  position INTEGER PRIMARY KEY, run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, wish TEXT NOT NULL,
  generation INTEGER NOT NULL, units TEXT, reason TEXT NOT NULL, actor TEXT, at INTEGER NOT NULL
) STRICT;
CREATE INDEX wishes_of_run ON wishes (run_id);
CREATE TABLE history (
  position INTEGER PRIMARY KEY, run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, id TEXT NOT NULL,
  entry TEXT NOT NULL, UNIQUE (run_id, id)
) STRICT;
CREATE TABLE inputs (
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, unit TEXT NOT NULL, generation INTEGER NOT NULL,
  status TEXT NOT NULL, event_id TEXT NOT NULL, PRIMARY KEY (run_id, unit, generation)
) STRICT, WITHOUT ROWID;
CREATE TABLE answers (
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, key TEXT NOT NULL, memo TEXT NOT NULL, PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE dirty (
  service TEXT NOT NULL, run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, due_at INTEGER NOT NULL,
  again INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (service, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX dirty_due ON dirty (service, due_at);
`;

const queueTables = `
CREATE TABLE jobs (
  position INTEGER PRIMARY KEY, job_id TEXT NOT NULL UNIQUE, service TEXT NOT NULL, run_id TEXT, generation INTEGER NOT NULL,
  unit TEXT, handler TEXT NOT NULL, payload TEXT NOT NULL, cause TEXT NOT NULL, causes TEXT NOT NULL, hops INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL, max_ms INTEGER NOT NULL, bound INTEGER NOT NULL, traceparent TEXT,
  created_at INTEGER NOT NULL, status TEXT NOT NULL, due_at INTEGER, attempt INTEGER NOT NULL DEFAULT 0,
  fresh INTEGER NOT NULL DEFAULT 1, stalls INTEGER NOT NULL DEFAULT 0, parks INTEGER NOT NULL DEFAULT 0,
  token INTEGER, owner TEXT, lease_ends_at INTEGER, park_reason TEXT, memo TEXT, answer_key TEXT,
  woken INTEGER NOT NULL DEFAULT 0, wake_memo TEXT, error TEXT, done_at INTEGER,
  gate_inputs TEXT, gate_due_at INTEGER, gate_verdict TEXT
) STRICT;
CREATE INDEX due_jobs ON jobs (service, due_at, position) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_for_a_wake ON jobs (service) WHERE due_at IS NULL AND status = 'parked';
CREATE INDEX leased_jobs ON jobs (service, lease_ends_at) WHERE lease_ends_at IS NOT NULL;
CREATE INDEX jobs_of_run ON jobs (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX done_jobs_without_run ON jobs (done_at) WHERE run_id IS NULL AND done_at IS NOT NULL;
CREATE TABLE seen (
  run_id TEXT NOT NULL, service TEXT NOT NULL, event_id TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (run_id, service, event_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
  position INTEGER PRIMARY KEY AUTOINCREMENT, service TEXT NOT NULL, id TEXT NOT NULL, topic TEXT NOT NULL,
  key TEXT NOT NULL, value BLOB NOT NULL, headers TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_of_service ON outbox (service, position);
CREATE TABLE relays (service TEXT PRIMARY KEY, owner TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE targets (key TEXT PRIMARY KEY, version INTEGER NOT NULL, target TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine (
  repository TEXT NOT NULL, key TEXT NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (repository, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (position INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL) STRICT;
`;

const busTables = `
CREATE TABLE bus_topics (topic TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE bus_records (
  position INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,
  headers TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE INDEX bus_records_of_topic ON bus_records (topic, position);
CREATE TABLE bus_cursors (
  consumer TEXT NOT NULL, topic TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (consumer, topic)
) STRICT, WITHOUT ROWID;
`;

/** Tables that files of the same version may lack: they are made when it is opened. */
export const addedTables = `
CREATE TABLE IF NOT EXISTS samples (
  position INTEGER PRIMARY KEY, target TEXT NOT NULL, minute INTEGER NOT NULL, sample TEXT NOT NULL,
  UNIQUE (target, minute)
) STRICT;
CREATE INDEX IF NOT EXISTS samples_by_age ON samples (minute);
`;

/** Makes all tables of an empty file. */
export const schema = `${runTables}${queueTables}${busTables}`;
