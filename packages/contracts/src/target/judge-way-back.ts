import type { ChangedFile } from '../events.generated.ts';
import type { RollbackPlan } from '../plan/plan.ts';
import { readLabels } from './read-labels.ts';

/** Whether the release before a run may serve again once the run is released. `paths`: the files that say so. */
export type WayBack = { kind: 'open' } | { kind: 'closed'; reason: ClosedWayBack; paths: readonly string[] };

export type ClosedWayBack = 'marked_unsafe' | 'schema_migration';

// Folders and names as Rails, Django, Alembic, Flyway, Liquibase, Prisma, Knex, TypeORM, Drizzle and golang-migrate have them.
const migrationFolder = /(^|\/)(migrations?|db\/migrate|alembic\/versions|changelogs?|flyway|liquibase|drizzle)\/[^/]/i;
const migrationCode = /\.(sql|rb|py|ts|js|mjs|cjs|go|java|kt|php|xml|ya?ml|json)$/i;
const versionedSql = /(^|\/)(v\d[\w.]*__|\d{8,}[-_])[^/]*\.sql$/i;

/** What a run brings, as far as it tells of a schema migration or of configuration. */
export interface Brings {
  /** Null: it is not known what changed, which closes nothing. */
  changed: readonly ChangedFile[] | null;
  /** Of its commit; null: it is not known. */
  message: string | null;
}

/**
 * Judges before a deploy whether going back afterwards is sensible. What the pipeline file says stands; where it says nothing,
 * a changed file of a schema migration closes the way, or a commit that says that it holds one: the older version would meet
 * a schema that it does not know.
 *
 * @param brought what would be gone back over
 */
export function judgeWayBack({ safe }: Pick<RollbackPlan, 'safe'>, brought: readonly Brings[]): WayBack {
  if (safe === false) return { kind: 'closed', reason: 'marked_unsafe', paths: [] };
  const changed = brought.flatMap((one) => (one.changed ?? []).map(({ path }) => path));
  const paths = [...new Set(changed.filter(isMigration))];
  const isOpen = paths.length === 0 && !brought.some(({ message }) => readLabels(message).schemaMigration);
  return safe === true || isOpen ? { kind: 'open' } : { kind: 'closed', reason: 'schema_migration', paths };
}

function isMigration(path: string): boolean {
  return versionedSql.test(path) || (migrationFolder.test(path) && migrationCode.test(path));
}
