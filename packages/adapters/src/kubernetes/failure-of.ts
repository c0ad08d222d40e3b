import { OrchestraError } from '@orchestra/runtime';

/** What cannot be done on the way back, and stands in nobody's way there; null: it is done. A later move is no such thing. */
export async function failureOf(work: () => Promise<void>): Promise<OrchestraError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof OrchestraError && !error.retriable && error.code !== 'TARGET_REFUSED') return error;
    throw error;
  }
}
