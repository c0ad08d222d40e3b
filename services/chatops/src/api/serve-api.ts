import { json, Router, type Request, type Response } from 'express';
import { allowsRole, findToken, OrchestraError, type RouteContext } from '@orchestra/runtime';
import { ZodError } from 'zod';
import type { Ports } from '../ports.ts';
import { describeApi } from './describe-api.ts';
import { streamed, type Route } from './route.ts';
import { routeTable } from './route-table.ts';
import { createRunFeed, type RunFeed } from './run-feed.ts';

/** Serves the table under /api/v1, and its description at /api/openapi.json. */
export function serveApi(router: Router, ports: Ports, context: RouteContext): void {
  let feed: RunFeed | null = null;
  const table = routeTable(() => (feed ??= createRunFeed(context)));
  let document: ReturnType<typeof describeApi> | null = null;
  router.get('/api/openapi.json', (_request, response) => {
    // Made when somebody asks: it takes longer than the whole start of the service.
    response.json((document ??= describeApi(table)));
  });

  const api = Router({ caseSensitive: true, strict: true });
  const readJson = json({ limit: '64kb', inflate: false });
  // Who has no token learns nothing, not even which routes there are.
  api.use((request, response, next) => {
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    authorize(request, ports);
    next();
  });
  for (const route of table) {
    api[route.method](expressPath(route.path), readJson, (request, response) =>
      answer({ route, request, response }, ports, context),
    );
  }
  api.use(() => {
    throw new OrchestraError('NOT_FOUND', 'No such route');
  });
  router.use('/api/v1', api);
}

// Owner and name are one parameter, whether their slash is written as such or as %2F.
function expressPath(path: string): string {
  return path.replaceAll('{repository}', '*repository').replaceAll(/\{(\w+)\}/g, ':$1');
}

function authorize(request: Request, { tokens }: Ports): NonNullable<ReturnType<typeof findToken>> {
  const token = findToken(tokens, request.get('authorization'));
  if (token === null) throw new OrchestraError('NOT_AUTHORIZED', 'A bearer token is needed');
  return token;
}

interface Answering {
  route: Route;
  request: Request;
  response: Response;
}

async function answer({ route, request, response }: Answering, ports: Ports, context: RouteContext): Promise<void> {
  const token = authorize(request, ports);
  if (!allowsRole(token.role, route.role)) {
    throw new OrchestraError('NOT_PERMITTED', `The role ${route.role} is needed`);
  }
  const path = pathOf(request);
  const body: unknown = request.body ?? {};
  try {
    const answered = await route.work({ path, query: request.query, body, token, context, request, response });
    if (answered !== streamed) response.status(route.status).json(answered);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const problems = error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`);
    throw new OrchestraError('REQUEST_INVALID', problems.join('; '), { cause: error });
  }
}

// A parameter that may hold slashes comes as a list.
function pathOf({ params }: Request): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join('/') : value]),
  );
}
