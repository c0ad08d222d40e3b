import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';

/** Who may do everything in a cluster of our own; the servers listen on 127.0.0.1 only. */
const adminToken = 'admin-of-the-tests';

/** The line of a token file that makes {@link adminToken} an administrator. */
export const adminTokenLine = `${adminToken},admin,admin,"system:masters"\n`;

/** Writes what the servers need before their first start: the key pair of service accounts, and the token file. */
export async function writeSecrets(folder: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writeFile(join(folder, 'sa.key'), privateKey, { mode: 0o600 });
  await writeFile(join(folder, 'sa.pub'), publicKey);
  await writeFile(join(folder, 'tokens.csv'), adminTokenLine, { mode: 0o600 });
}

/** Writes a kubeconfig. `certificate`: the file of the server's certificate; null: it is not checked. */
export async function writeKubeconfig(
  file: string,
  { server, certificate }: { server: string; certificate: string | null },
): Promise<void> {
  const trust =
    certificate === null
      ? { 'insecure-skip-tls-verify': true }
      : { 'certificate-authority-data': readFileSync(certificate).toString('base64') };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'tests', cluster: { server, ...trust } }],
    users: [{ name: 'admin', user: { token: adminToken } }],
    contexts: [{ name: 'tests', context: { cluster: 'tests', user: 'admin', namespace: 'default' } }],
    'current-context': 'tests',
  };
  // A file of JSON is a file of YAML.
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
}

/** Whether the API server answers a path with 200. */
export function answersOk(server: string, path: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${adminToken}` };
  return new Promise((resolve) => {
    const asked = request(`${server}${path}`, { headers, rejectUnauthorized: false, timeout: 2000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(false));
    asked.end();
  });
}

/** What is there in a cluster once its controllers work. */
export const firstAccount = '/api/v1/namespaces/default/serviceaccounts/default';
