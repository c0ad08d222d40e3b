import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { createApp } from '@orchestra/runtime';

export interface SentRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface HeardResponse {
  status: number;
  body: string;
}

export type App = ReturnType<typeof createApp>;

/** Gives a request to an app; resolves with what it answers. */
export function sendRequest(app: App, { method, url, headers, body }: SentRequest): Promise<HeardResponse> {
  return new Promise((resolve) => {
    const request = new IncomingMessage(new Socket());
    Object.assign(request, { method, url, httpVersion: '1.1', complete: true });
    const length = String(Buffer.byteLength(body));
    Object.assign(request.headers, { 'content-length': length, 'content-type': 'application/json', ...headers });
    request.push(body);
    request.push(null);
    const response = new ServerResponse(request);
    const end = (chunk: string | Uint8Array = ''): ServerResponse => {
      resolve({ status: response.statusCode, body: Buffer.from(chunk).toString('utf8') });
      return response;
    };
    Object.assign(response, { end });
    app(request, response);
  });
}
