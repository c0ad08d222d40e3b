import type { Request, Response } from 'express';
import type { ApiToken, Role, RouteContext } from '@orchestra/runtime';
import type { z } from 'zod';

/** What a route's work sees: everything checked. */
export interface Call<P, Q, B> {
  path: P;
  query: Q;
  body: B;
  token: ApiToken;
  context: RouteContext;
  request: Request;
  response: Response;
}

/** One row of the table that drives routing, validation and the OpenAPI document. */
export interface Route {
  method: 'get' | 'post';
  /** Parameters in braces; `{repository}` stands for owner/name, whose slash may be written as %2F. */
  path: string;
  role: Role;
  summary: string;
  schemas: Schemas;
  /** Also answers as an event stream. */
  streams: boolean;
  /** 202 for an order that is kept, 200 for everything else. */
  status: 200 | 202;
  work(call: Call<unknown, unknown, unknown>): Promise<unknown>;
}

export interface Schemas {
  path: z.ZodType;
  query: z.ZodType;
  body: z.ZodType | null;
  answer: z.ZodType;
}

/** What a work answers that has written to the response by itself. */
export const streamed = Symbol('streamed');

interface Definition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  method: 'get' | 'post';
  path: string;
  role: Role;
  summary: string;
  parameters: P;
  query: Q;
  body: B;
  /** For the document; tests hold the answers to it. */
  answer: z.ZodType;
  streams?: boolean;
  /** What it asks for is done when it is answered, not only kept. */
  done?: boolean;
  work(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<object | typeof streamed>;
}

/** Makes a row of the table. The work sees what the schemas let through, and the compiler knows it. */
export function defineRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  definition: Definition<P, Q, B>,
): Route {
  const { method, path, role, summary, parameters, query, body, answer, streams = false, done, work } = definition;
  return {
    method,
    path,
    role,
    summary,
    streams,
    status: method === 'post' && done !== true ? 202 : 200,
    schemas: { path: parameters, query, body: method === 'post' ? body : null, answer },
    work: (call) =>
      work({ ...call, path: parameters.parse(call.path), query: query.parse(call.query), body: body.parse(call.body) }),
  };
}
