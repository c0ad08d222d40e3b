import type { Configuration } from '@kubernetes/client-node';
import type { Client } from '../connect-cluster.ts';

/** A request to the API of a cluster, in the words of HTTP. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  query?: Readonly<Record<string, string>>;
  type?: string;
  body?: object;
}

/** Asks, and answers what came as JSON. Throws the client's `ApiException` for 400 and above. */
export type AskApi = (request: ApiRequest) => Promise<unknown>;

/** Asks with the credentials and the patience of a connection. */
export function createAskApi(client: Client, { baseServer, authMethods, httpApi }: Configuration): AskApi {
  return async ({ method, path, query = {}, type, body }) => {
    const request = baseServer.makeRequestContext(path, client.HttpMethod[method]);
    request.setHeaderParam('Accept', 'application/json');
    for (const [key, value] of Object.entries(query)) request.setQueryParam(key, value);
    if (type !== undefined) request.setHeaderParam('Content-Type', type);
    if (body !== undefined) request.setBody(JSON.stringify(body));
    await authMethods.default?.applySecurityAuthentication(request);
    const response = await httpApi.send(request).toPromise();
    const text = await response.body.text();
    const { httpStatusCode: code, headers } = response;
    if (code >= 400) throw new client.ApiException(code, `HTTP ${code}`, text, headers);
    return JSON.parse(text);
  };
}
