import { OrchestraError } from '@orchestra/runtime';

/** What a query asks about. */
export interface QueryNames {
  service: string;
  environment: string;
  /** Null: the query is not about one release. */
  release: string | null;
  /** How far a rate looks back. */
  windowSeconds: number;
}

const name = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const releaseName = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/**
 * Writes names into a PromQL template: `{{service}}`, `{{environment}}` and `{{release}}` become quoted label values,
 * `{{window}}` a duration. No name can end the string that it stands in.
 *
 * @throws OrchestraError `METRICS_REFUSED`, not retriable, for a name that is none, a placeholder that nobody knows, or a
 * query about a release where there is none
 */
export function fillQuery(template: string, names: QueryNames): string {
  return template.replaceAll(/\{\{\s*([^{}]*?)\s*\}\}/g, (_whole, placeholder: string) => valueOf(placeholder, names));
}

function valueOf(placeholder: string, { service, environment, release, windowSeconds }: QueryNames): string {
  switch (placeholder) {
    case 'service':
      return quote(checkName(service, name));
    case 'environment':
      return quote(checkName(environment, name));
    case 'release':
      if (release === null) throw refuse('A query asks about a release, and there is none');
      return quote(checkName(release, releaseName));
    case 'window':
      return `${Math.max(1, Math.round(windowSeconds))}s`;
    default:
      throw refuse(`A query has the unknown placeholder {{${placeholder}}}`);
  }
}

function checkName(text: string, form: RegExp): string {
  if (!form.test(text)) throw refuse('A name cannot be asked for');
  return text;
}

/** A label value as PromQL reads it. @see Prometheus documentation, "String literals" */
function quote(text: string): string {
  return `"${text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)}"`;
}

function refuse(message: string): OrchestraError {
  return new OrchestraError('METRICS_REFUSED', message);
}
