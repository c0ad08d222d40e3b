// A shop that turns bad when it is told to: from then on every second answer is an error, and its health stays good.
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');

const version = readFileSync(`${__dirname}/version.txt`, 'utf8').trim();
const answered = { 200: 0, 500: 0 };
let isBad = false;
let count = 0;

const pages = {
  '/health': () => 'ok',
  '/metrics': () =>
    Object.entries(answered)
      .map(([code, times]) => `http_requests_total{code="${code}"} ${times}\n`)
      .join(''),
  '/turn': () => {
    isBad = true;
    return 'bad';
  },
};

const server = createServer((request, response) => {
  const page = pages[request.url];
  if (page !== undefined) {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    return response.end(page());
  }
  count += 1;
  response.statusCode = isBad && count % 2 === 0 ? 500 : 200;
  answered[response.statusCode] += 1;
  return response.end(version);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
