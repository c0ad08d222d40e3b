import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { buffer } from 'node:stream/consumers';

// For 127.0.0.1, until 2126. Nobody trusts it but the tests that are told to.
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBjzCCATagAwIBAgIUEOAS1DjyYVgBSAX4aa7V1mD/z8swCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMjA0MDUzNVoYDzIxMjYxMDI5
MDQwNTM1WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASls1h2ANY2ityb3ouDZfEAFq2jgiVoDDIJBaRaAQcDVAfI6K59ZLAe
Uwm7GgIg/GVEtx9UptLa00SFOUg+mX0Bo2QwYjAdBgNVHQ4EFgQU4zgbRzgQYV9w
m8A69Iwze79MEtswHwYDVR0jBBgwFoAU4zgbRzgQYV9wm8A69Iwze79MEtswDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0cAMEQC
IGMTXE0LnVBA/e2HHy6yU33vJDtlaUv1pO8eEUixHf3vAiBRnu1dGwlNckRcUYYc
cdpusucFLPIG9GuClWov81vhcg==
-----END CERTIFICATE-----
`;
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6LZekHScJ51Z2EdK
DfnECdNL+/R5IJgp5s9cE861akGhRANCAASls1h2ANY2ityb3ouDZfEAFq2jgiVo
DDIJBaRaAQcDVAfI6K59ZLAeUwm7GgIg/GVEtx9UptLa00SFOUg+mX0B
-----END PRIVATE KEY-----
`;

export interface HttpsOrigin {
  /** Host and port. */
  host: string;
  /** What each request said about who it is. */
  seen: readonly (string | undefined)[];
  close(): Promise<void>;
}

export interface ServedFolder {
  folder: string;
  /** Where git is looked for. */
  path: string;
  /** The only `Authorization` that is answered. */
  authorization: string;
}

/** Serves the repositories of a folder as git's own server does. */
export async function startHttpsOrigin({ folder, path, authorization }: ServedFolder): Promise<HttpsOrigin> {
  const seen: (string | undefined)[] = [];
  const git = { PATH: path, GIT_PROJECT_ROOT: folder, GIT_HTTP_EXPORT_ALL: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const server = createServer({ key, cert: certificate }, (request, response) => {
    seen.push(request.headers.authorization);
    if (request.headers.authorization === authorization) void answer(git, request, response);
    else response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    host: `127.0.0.1:${port}`,
    seen,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** @see git documentation, "git-http-backend"; RFC 3875, section 4.1 and 6.2 */
async function answer(
  environment: Record<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://127.0.0.1');
  const {
    'content-type': type = '',
    'content-encoding': encoding = '',
    'git-protocol': version = '',
  } = request.headers;
  const backend = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...environment,
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: type,
      HTTP_CONTENT_ENCODING: encoding,
      HTTP_GIT_PROTOCOL: String(version),
    },
  });
  request.pipe(backend.stdin);
  const said = await buffer(backend.stdout);
  const end = said.indexOf('\r\n\r\n');
  for (const line of said.subarray(0, end).toString('latin1').split('\r\n')) {
    const [name = '', value = ''] = line.split(': ');
    if (name === 'Status') response.statusCode = Number(value.slice(0, 3));
    else response.setHeader(name, value);
  }
  response.end(said.subarray(end + 4));
}
