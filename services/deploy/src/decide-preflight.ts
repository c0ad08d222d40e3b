import type { ChangedFile, WayBack } from '@orchestra/contracts';

export interface PreflightFacts {
  /** What a rollback would bring back; null: nothing before it is known to be good. */
  to: string | null;
  /** Whether what it is started from is still there. */
  kept: 'there' | 'gone' | 'unknown';
  wayBack: WayBack;
  /** Null: it is not known what changed. */
  changed: readonly ChangedFile[] | null;
  /** The commit says that it changes configuration. */
  isConfigurationLabelled: boolean;
  /** Rollbacks of this target in the last seven days. */
  rollbacks: number;
}

/** What is said before the first step: whether there is a way back, and how much there is to go wrong. */
export interface Preflight {
  eligible: boolean;
  reason: 'can_go_back' | 'nothing_healthy_before' | 'artifact_gone' | 'schema_migration' | 'marked_unsafe';
  to: string | null;
  /** 0 to 100, the sum of the terms. */
  risk: number;
  terms: readonly { term: string; points: number }[];
  /** Changed files of configuration: a rollback brings their old content back only if it is part of the artifact. */
  configuration: readonly string[];
}

const configurationPath =
  /(^|\/)(config|configs|settings|conf|helm|charts?|k8s|terraform)\/|\.(env|toml|ini|properties|tfvars)$|(^|\/)\.env/i;
const worst = 100;

/** Judges a rollout before it begins. Pure: the terms say how the score came about. */
export function decidePreflight(facts: PreflightFacts): Preflight {
  const configuration = (facts.changed ?? []).map(({ path }) => path).filter((path) => configurationPath.test(path));
  const reason = reasonOf(facts);
  const terms = termsOf(facts, Math.max(configuration.length, facts.isConfigurationLabelled ? 1 : 0)).filter(
    ({ points }) => points > 0,
  );
  const risk = Math.min(
    worst,
    terms.reduce((sum, { points }) => sum + points, 0),
  );
  return { eligible: reason === 'can_go_back', reason, to: facts.to, risk, terms, configuration };
}

function reasonOf({ to, kept, wayBack }: PreflightFacts): Preflight['reason'] {
  if (to === null) return 'nothing_healthy_before';
  if (kept === 'gone') return 'artifact_gone';
  return wayBack.kind === 'closed' ? wayBack.reason : 'can_go_back';
}

function termsOf(facts: PreflightFacts, configurationFiles: number): Preflight['terms'] {
  const { changed, kept, to, wayBack, rollbacks } = facts;
  const lines = (changed ?? []).reduce((sum, { addedLines, deletedLines }) => sum + addedLines + deletedLines, 0);
  return [
    { term: 'no_way_back', points: reasonOf(facts) === 'can_go_back' ? 0 : 30 },
    { term: 'schema_migration', points: wayBack.kind === 'closed' && wayBack.reason === 'schema_migration' ? 20 : 0 },
    { term: 'configuration_changed', points: Math.min(15, configurationFiles * 5) },
    { term: 'changed_lines', points: Math.min(20, Math.round(5 * Math.log10(1 + lines))) },
    { term: 'unknown_image', points: to !== null && kept === 'unknown' ? 10 : 0 },
    { term: 'unknown_changes', points: changed === null ? 10 : 0 },
    { term: 'recent_rollbacks', points: Math.min(20, rollbacks * 10) },
  ];
}
