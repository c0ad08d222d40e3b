import { createServer } from 'node:http';

/** Looks well in its tests and in its health check, and fails one request in five once it has traffic. */
export function createShop(version) {
  let requests = 0;
  return createServer((request, response) => {
    if (request.url === '/healthz') return response.end('ok\n');
    requests += 1;
    if (requests > 10 && requests % 5 === 0) {
      response.statusCode = 500;
      return response.end(`sorry from ${version}\n`);
    }
    response.end(`hello from ${version}\n`);
  });
}
