/**
 * Sends spans by OTLP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set. The SDK is loaded only then: it is large.
 *
 * @returns what flushes and stops it
 */
export async function startTracing(service: string, env: NodeJS.ProcessEnv): Promise<() => Promise<void>> {
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return async () => {};
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const sdk = new NodeSDK({ serviceName: `orchestra-${service}`, instrumentations: [] });
  sdk.start();
  return () => sdk.shutdown();
}
