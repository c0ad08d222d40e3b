import { KubeConfig, Watch, type KubernetesObject } from '@kubernetes/client-node';

/** Objects of a kind as they change. */
export interface Watched<T> {
  /** Resolves when an object is so, with the moment at which that was told, milliseconds since 1970. */
  until(check: (object: T) => boolean): Promise<number>;
  stop(): void;
}

interface Waiting<T> {
  check(object: T): boolean;
  resolve(at: number): void;
}

const patienceMs = 60_000;

/** Watches a path of the API, such as `/api/v1/namespaces/a/services`. */
export async function watchObjects<T extends KubernetesObject>(kubeconfig: string, path: string): Promise<Watched<T>> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const waiting = new Set<Waiting<T>>();
  const see = (_kind: string, object: T): void => {
    const at = Date.now();
    for (const one of waiting) {
      if (!one.check(object)) continue;
      waiting.delete(one);
      one.resolve(at);
    }
  };
  const request = await new Watch(config).watch(path, {}, see, () => {});
  return {
    until(check) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`Nothing under ${path} became so`)), patienceMs);
        waiting.add({
          check,
          resolve(at) {
            clearTimeout(timer);
            resolve(at);
          },
        });
      });
    },
    stop: () => request.abort(),
  };
}
