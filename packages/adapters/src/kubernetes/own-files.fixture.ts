/** The Deployment of the service `web`, as somebody writes it. */
export function deployment(image: string, port = 'http', more = ''): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { team: shop } }
spec:
  replicas: 5
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 7
      containers: [{ name: web, image: "${image}", ports: [{ name: ${port}, containerPort: 3000 }], env: [{ name: A, value: b }]${more} }]
`;
}

/** Its Service. */
export const front = `
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: users, port: 8000, targetPort: main }] }
`;

/** What stands beside it. */
export function settings(level: string): string {
  return `\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { LEVEL: ${level} }\n`;
}
