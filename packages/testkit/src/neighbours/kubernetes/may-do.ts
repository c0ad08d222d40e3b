/** Something that a service account may do, or may not. */
export interface Deed {
  account: { namespace: string; name: string };
  /** Where it would be done. */
  namespace: string;
  verb: string;
  /** Empty: the core of the API. */
  group: string;
  resource: string;
}

/** Asks a cluster whether a service account may do something, as `kubectl auth can-i --as` does. */
export async function mayDo(kubeconfig: string, { account, namespace, verb, group, resource }: Deed): Promise<boolean> {
  // The client takes a second to load, which whoever only starts servers need not wait for.
  const { AuthorizationV1Api, KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const [name = resource, subresource] = resource.split('/');
  const part = subresource === undefined ? {} : { subresource };
  const { status } = await config.makeApiClient(AuthorizationV1Api).createSubjectAccessReview({
    body: {
      spec: {
        user: `system:serviceaccount:${account.namespace}:${account.name}`,
        resourceAttributes: { namespace, verb, group, resource: name, ...part },
      },
    },
  });
  return status?.allowed ?? false;
}
