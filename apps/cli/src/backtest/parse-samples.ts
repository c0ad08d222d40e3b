import { OrchestraError } from '@orchestra/contracts';
import type { RecordedSample } from '@orchestra/observability';
import { z } from 'zod';

const values = z.record(z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'is no name of a metric'), z.number().nullable());
const line = z.strictObject({
  at: z.iso.datetime({ offset: true }),
  release: z.string().min(1).max(200).default('recorded'),
  values,
  beside: values.nullish(),
});

const maxSamples = 200_000;

/**
 * Reads recorded samples, one JSON document a line: `{"at", "release", "values": {metric: number or null}, "beside": {…}}`.
 *
 * @throws OrchestraError `REQUEST_INVALID`, naming the first line at fault
 */
export function parseSamples(text: string): RecordedSample[] {
  const written = text.split('\n').map((content, index) => ({ content, number: index + 1 }));
  const lines = written.filter(({ content }) => content.trim() !== '');
  if (lines.length === 0) throw refused('There are no samples');
  if (lines.length > maxSamples) throw refused(`There are more than ${maxSamples} samples`);
  return lines.map(({ content, number }) => {
    const json = readJson(content);
    if (json === undefined) throw refused(`Line ${number} is no JSON`);
    const parsed = line.safeParse(json);
    if (!parsed.success) throw refused(`Line ${number}: ${describe(parsed.error)}`);
    const { at, release, values: measured, beside } = parsed.data;
    return { at: Date.parse(at), release, values: measured, beside: beside ?? null };
  });
}

function describe({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`).join('; ');
}

function readJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

function refused(message: string): OrchestraError {
  return new OrchestraError('REQUEST_INVALID', message);
}
