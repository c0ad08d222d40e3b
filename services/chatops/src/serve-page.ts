import { fileURLToPath } from 'node:url';
import { static as serveFiles, type Response, type Router } from 'express';

const folder = fileURLToPath(new URL('../page/', import.meta.url));

// Nothing inline, nothing from elsewhere, in nobody's frame.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The live page of runs: static files, which read everything from the API with the reader's own token. */
export function servePage(router: Router): void {
  router.get(['/', '/runs/:run'], (_request, response) => {
    protect(response);
    response.sendFile('index.html', { root: folder });
  });
  router.use('/page', serveFiles(folder, { index: false, redirect: false, setHeaders: protect }));
}

function protect(response: Pick<Response, 'setHeader'>): void {
  response.setHeader('content-security-policy', policy);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cache-control', 'no-cache');
}
