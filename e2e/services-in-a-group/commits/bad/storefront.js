import { createServer } from 'node:http';

// Looks well in its health check, and fails every other request.
let requests = 0;
const server = createServer((request, response) => {
  if (request.url === '/healthz') return response.end('ok\n');
  requests += 1;
  if (requests % 2 === 0) response.statusCode = 500;
  response.end('hello from storefront v2\n');
});
server.listen(Number(process.env.PORT), '127.0.0.1');
