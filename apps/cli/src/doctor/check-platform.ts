import { findAddress } from '../up/address.ts';
import { ok, type Check, type Surroundings } from './check.ts';

const name = 'platform';
const timeoutMs = 5000;

/** The platform that the environment or the data folder names, by its `/readyz`. Required once one is named. */
export async function checkPlatform({ environment, folder }: Surroundings): Promise<Check> {
  const url = environment['ORCHESTRA_URL'] ?? (await findAddress(folder))?.url;
  if (url === undefined) {
    const means = 'commands that ask it end with 5; `orchestra up` starts it';
    return { name, state: 'absent', required: false, seen: 'none runs on the data folder', means };
  }
  try {
    const response = await fetch(`${url.replace(/\/+$/, '')}/readyz`, { signal: AbortSignal.timeout(timeoutMs) });
    if (response.ok) return ok(name, true, `ready at ${url}`);
    const seen = `${url} answers ${response.status}: ${problemsOf(await response.text())}`;
    return { name, state: 'broken', required: true, seen, means: 'runs wait until it is ready' };
  } catch {
    const means = 'it was stopped hard, or the address is wrong; runs wait until it is started';
    return { name, state: 'broken', required: true, seen: `${url} does not answer`, means };
  }
}

function problemsOf(text: string): string {
  try {
    const { problems }: { problems?: readonly string[] } = JSON.parse(text);
    return (problems ?? []).join(', ') || 'no reason given';
  } catch {
    return 'no platform';
  }
}
