/** Whether a server says that it is ready, by default where those of the Prometheus family say so. */
export async function answersReady(url: string, path = '/-/ready'): Promise<boolean> {
  try {
    return (await fetch(`${url}${path}`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}
