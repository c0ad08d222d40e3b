import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A small HTTP service: `/` says its version, fails as often as it is told to and always after `/break`, `/slow` answers late, `/echo` sends back, `/new` is what a flag is for.
const source = `
import { createServer } from 'node:http';
const { VERSION = 'v1', FAIL_EVERY = '0', BEHIND_FLAG = 'works', PORT } = process.env;
let count = 0;
let broken = false;
const server = createServer((request, response) => {
  if (request.url === '/health') return response.end('ok');
  if (request.url === '/break') broken = true;
  if (request.url === '/exit') return process.exit(3);
  if (request.url === '/echo') return request.pipe(response);
  if (request.url === '/slow') return setTimeout(() => response.end(VERSION), 500);
  count += 1;
  const every = Number(FAIL_EVERY);
  const isBroken = broken || (request.url === '/new' && BEHIND_FLAG === 'fails');
  response.statusCode = isBroken || (every > 0 && count % every === 0) ? 500 : 200;
  response.end(VERSION);
});
server.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

/** Writes the program of a small HTTP service into a new folder; `node main.mjs` starts it. */
export function createSampleService(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orchestra-app-'));
  // Released processes run as a user of their own.
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'main.mjs'), source);
  return folder;
}
