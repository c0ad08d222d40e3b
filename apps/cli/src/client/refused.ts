import { OrchestraError } from '@orchestra/contracts';

/** The error behind an answer of the platform that is none of success. */
export function refused(status: number, text: string): OrchestraError {
  const { code, message } = readProblem(text);
  if (status === 401 || status === 403) return new OrchestraError('NOT_AUTHORIZED', message);
  if (status === 404) return new OrchestraError('NOT_FOUND', message);
  return new OrchestraError(status >= 500 ? 'SERVER_UNREACHABLE' : 'REQUEST_INVALID', `${message} (${code})`);
}

function readProblem(text: string): { code: string; message: string } {
  try {
    const problem: { code?: string; message?: string } = JSON.parse(text);
    return { code: problem.code ?? 'UNKNOWN', message: problem.message ?? text };
  } catch {
    return { code: 'UNKNOWN', message: text.slice(0, 200) };
  }
}
