import { Readable } from 'node:stream';

/** The files of an archive of the fake world, by path. */
export type Files = Readonly<Record<string, string>>;

/** Packs files: the same files give the same bytes. */
export function packFakeArchive(files: Files): Readable {
  return Readable.from([encodeFakeArchive(files)]);
}

/** The bytes of an archive. */
export function encodeFakeArchive(files: Files): Buffer {
  const sorted = Object.entries(files).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Buffer.from(JSON.stringify(sorted));
}

/** Reads an archive that `packFakeArchive` made. */
export async function readFakeArchive(archive: Readable): Promise<Files> {
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(Buffer.from(chunk));
  return decodeFakeArchive(Buffer.concat(chunks));
}

function decodeFakeArchive(bytes: Buffer): Files {
  const entries: [string, string][] = JSON.parse(bytes.toString('utf8'));
  return Object.fromEntries(entries);
}
