import { z } from 'zod';
import type { Route } from './route.ts';
import { problem } from './shapes.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Describes the table as an OpenAPI document.
 *
 * @see OpenAPI Specification 3.1.1
 */
export function describeApi(table: readonly Route[]): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of table) {
    paths[route.path] = { ...paths[route.path], [route.method]: describeRoute(route) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'DevOps Orchestra', version: '1', description: 'Runs, what became of them, and orders about them.' },
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
  };
}

function describeRoute({ method, path, role, summary, schemas, streams, status }: Route): Json {
  return {
    operationId: operationName(method, path),
    summary,
    description: `Needs the role ${role}.`,
    parameters: [...parametersOf(schemas.path, 'path'), ...parametersOf(schemas.query, 'query')],
    ...(schemas.body === null ? {} : { requestBody: { content: jsonContent(schemaOf(schemas.body, 'input')) } }),
    responses: {
      [status]: {
        description: status === 202 ? 'Kept; the answer of the addressee follows' : 'Done',
        content: contentOf(schemas.answer, streams),
      },
      ...Object.fromEntries(refusals.map(([code, description]) => [code, refusal(description)])),
    },
  };
}

const refusals = [
  ['400', 'The request does not have this form'],
  ['401', 'No token that is known'],
  ['403', 'The token does not allow it'],
  ['404', 'Not here'],
  ['503', 'The store does not answer'],
] as const;

function refusal(description: string): Json {
  return { description, content: jsonContent({ $ref: '#/components/schemas/Problem' }) };
}

function contentOf(answer: z.ZodType, streams: boolean): Json {
  const stream = streams ? { 'text/event-stream': { schema: { type: 'string' } } } : {};
  return { ...jsonContent(schemaOf(answer, 'output')), ...stream };
}

function jsonContent(schema: unknown): Json {
  return { 'application/json': { schema } };
}

// OpenAPI 3.1 takes JSON Schema as it is, but for the line that names the dialect.
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return rest;
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function operationName(method: string, path: string): string {
  const words = path.split(/[/{}]+/).filter((word) => word !== '');
  return [method, ...words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)].join('');
}
