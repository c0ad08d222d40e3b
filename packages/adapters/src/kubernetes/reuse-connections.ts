import type { KubeConfig, RequestContext, SecurityAuthentication } from '@kubernetes/client-node';

type Connections = ReturnType<RequestContext['getDispatcher']>;

/**
 * Signs requests as a kubeconfig says, and sends them over connections that stay open: the client by itself makes new ones
 * for each request, with a handshake. Other credentials, as after their rotation, get connections of their own.
 */
export function reuseConnections(config: KubeConfig): SecurityAuthentication {
  let kept: { as: string; connections: Connections } | null = null;
  return {
    getName: () => config.getName(),
    async applySecurityAuthentication(request) {
      // Before it is signed: what is rotated between the two is noticed with the next request.
      const as = await credentialsOf(config);
      await config.applySecurityAuthentication(request);
      if (kept?.as !== as) kept = { as, connections: oneRequestEach(request.getDispatcher()) };
      if (kept.connections !== undefined) request.setDispatcher(kept.connections);
    },
  };
}

// HTTP/1.1: a connection that died without a word costs one request its time, and with HTTP/2 all of them until it is noticed.
function oneRequestEach(connections: Connections): Connections {
  return connections?.compose((dispatch) => (options, handler) => {
    const withoutH2 = { ...options, allowH2: false };
    return dispatch(withoutH2, handler);
  });
}

async function credentialsOf(config: KubeConfig): Promise<string> {
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = options;
  return JSON.stringify({ ca, cert, key, pfx, passphrase, servername, rejectUnauthorized });
}
