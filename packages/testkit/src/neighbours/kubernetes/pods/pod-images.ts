import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../../run-program.ts';

/**
 * What becomes of a pod of an image of the tests, as with the tags of the fake node. `other` is as good as `good`, with
 * another digest.
 */
export type PodImage = 'good' | 'other' | 'bad' | 'never' | 'absent';

/** The image in which containerd keeps the network of a pod. */
export const pauseImage = 'localhost/pause:1';

const applets = ['sh', 'mkdir', 'httpd', 'sleep'];

// It says who it is on / and that it is well on /health. What is told to end ends at once, as the first process of a
// container only does when it says so itself.
const serve = `
echo "$VERSION begins"
mkdir -p /www
echo "$VERSION" > /www/index.html
[ "$FATE" = never ] || echo ok > /www/health
trap 'echo "$VERSION leaves"; exit 0' TERM
httpd -f -p "$PORT" -h /www &
wait`;
const fail = 'echo "reading /etc/shop/database.conf"; echo "no such file: the database is not configured"; exit 3';

const made = [
  { name: pauseImage, env: [], command: ['/bin/sh', '-c', "trap 'exit 0' TERM; sleep 2147483647 & wait"] },
  { name: 'localhost/shop:good', env: ['FATE=good'], command: ['/bin/sh', '-c', serve] },
  { name: 'localhost/shop:other', env: ['FATE=other'], command: ['/bin/sh', '-c', serve] },
  { name: 'localhost/shop:never', env: ['FATE=never'], command: ['/bin/sh', '-c', serve] },
  { name: 'localhost/shop:bad', env: ['FATE=bad'], command: ['/bin/sh', '-c', fail] },
];

/**
 * Writes an archive of images (OCI image layout) made of busybox alone: nothing is pulled. Each has its name by tag and its
 * name by digest.
 *
 * @returns the references by tag and digest, as a build would give them; nobody has the image of `absent`
 * @see Open Containers Initiative, Image Layout Specification 1.0
 */
export async function writeImages(archive: string, folder: string, busybox: string): Promise<Record<PodImage, string>> {
  const layout = join(folder, 'layout');
  const blobs = join(layout, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const layer = await writeLayer(folder, blobs, busybox);
  const manifests: object[] = [];
  const references = new Map<string, string>();
  for (const image of made) {
    const manifest = await writeManifest(blobs, layer, image);
    const [repository = ''] = image.name.split(':');
    const byDigest = `${repository}@${manifest.digest}`;
    manifests.push(...[image.name, byDigest].map((name) => ({ ...manifest, annotations: { [nameKey]: name } })));
    references.set(image.name, `${image.name}@${manifest.digest}`);
  }
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  await runProgram('tar', ['-cf', archive, '-C', layout, '.']);
  const of = (tag: string) => references.get(`localhost/shop:${tag}`) ?? '';
  const absent = `localhost/shop:absent@sha256:${'a'.repeat(64)}`;
  return { good: of('good'), other: of('other'), bad: of('bad'), never: of('never'), absent };
}

const nameKey = 'io.containerd.image.name';
const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
};

interface Blob {
  mediaType: string;
  digest: string;
  size: number;
}

async function writeLayer(folder: string, blobs: string, busybox: string): Promise<Blob> {
  const root = join(folder, 'root');
  for (const name of ['bin', 'etc', 'proc', 'sys', 'dev', 'tmp']) await mkdir(join(root, name), { recursive: true });
  await copyFile(busybox, join(root, 'bin', 'busybox'));
  await chmod(join(root, 'bin', 'busybox'), 0o755);
  for (const applet of applets) await symlink('busybox', join(root, 'bin', applet));
  await writeFile(join(root, 'etc', 'passwd'), 'root:x:0:0::/:/bin/sh\n');
  const file = join(folder, 'layer.tar');
  // The same bytes each time, so that the digest is the same.
  const still = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=ustar'];
  await runProgram('tar', [...still, '-cf', file, '-C', root, '.']);
  return writeBlob(blobs, types.layer, await readFile(file));
}

async function writeManifest(blobs: string, layer: Blob, { env, command }: (typeof made)[number]): Promise<Blob> {
  const config = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Env: ['PATH=/bin', ...env], Cmd: command, WorkingDir: '/' },
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  };
  const described = await writeBlob(blobs, types.config, JSON.stringify(config));
  const manifest = { schemaVersion: 2, mediaType: types.manifest, config: described, layers: [layer] };
  return writeBlob(blobs, types.manifest, JSON.stringify(manifest));
}

async function writeBlob(blobs: string, mediaType: string, content: string | Buffer): Promise<Blob> {
  const hex = createHash('sha256').update(content).digest('hex');
  await writeFile(join(blobs, hex), content);
  return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(content) };
}
