import { anImage, type WithImage } from '../a-cluster.fixture.ts';

/** A release of the Rollout `web`, whose played controller does as the tag says. */
export function ofRollout(release: string, tag = 'good', digit = 'a'): WithImage {
  const { container, ...startable } = anImage(release, tag);
  const image = `registry.test/shop:${tag}@sha256:${digit.repeat(64)}`;
  return { ...startable, container: { ...container, image, rollout: 'web' } };
}

/** What stands beside a Rollout: its settings, and the Service by which its controller shares the traffic. */
export function beside(level: string): string {
  return `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { LEVEL: ${level} }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 80 }] }
`;
}

/** A Rollout of the files, with as many steps as a release has. */
export function rolloutFile(image: string, steps: number): string {
  const pause = Array.from({ length: steps }, () => '{ pause: {} }').join(', ');
  return `---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web, labels: { team: shop } }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  strategy: { canary: { stableService: web, steps: [${pause}] } }
  template:
    metadata: { labels: { app: web } }
    spec: { serviceAccountName: shop, containers: [{ name: app, image: "${image}", env: [{ name: STEPS, value: "${steps}" }] }] }
`;
}

/** A Rollout as a release has left it. */
export function filled(release: string, { container: { image } }: WithImage, steps: number): object {
  const labels = { 'devops-orchestra.io/release': release };
  const env = [{ name: 'STEPS', value: String(steps) }];
  return {
    metadata: { labels: { team: 'shop', ...labels } },
    spec: {
      replicas: 2,
      strategy: { canary: { stableService: 'web', steps: Array.from({ length: steps }, () => ({ pause: {} })) } },
      template: {
        metadata: { labels: { app: 'web', ...labels } },
        spec: { serviceAccountName: 'shop', containers: [{ image, env }] },
      },
    },
  };
}
