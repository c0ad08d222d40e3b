/** What a log line says about a record: its event and run, as far as its headers tell them. Nothing is checked. */
export function recordOrigin({ headers }: { headers: Readonly<Record<string, string>> }): {
  event: string | undefined;
  runId: string | undefined;
} {
  return { event: headers['ce_id'], runId: headers['ce_correlationid'] };
}
