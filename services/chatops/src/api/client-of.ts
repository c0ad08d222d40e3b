import type { Command } from '../parse-command.ts';
import type { Call } from './route.ts';

/** What a request came from. Only for the audit log: nothing is allowed because of it. */
export function clientOf({ request }: Pick<Call<unknown, unknown, unknown>, 'request'>): Command['source'] {
  const client = request.get('x-orchestra-client');
  if (client === 'cli') return 'CLI';
  return client === 'dashboard' ? 'DASHBOARD' : 'API';
}
