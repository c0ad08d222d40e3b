import { createServer } from 'node:http';

/** The sample service: it greets, says that it is well, and counts. */
export function createShop(version) {
  let requests = 0;
  return createServer((request, response) => {
    if (request.url === '/healthz') return response.end('ok\n');
    if (request.url === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      return response.end(`# TYPE shop_requests_total counter\nshop_requests_total ${requests}\n`);
    }
    requests += 1;
    response.end(`hello from ${version}\n`);
  });
}
