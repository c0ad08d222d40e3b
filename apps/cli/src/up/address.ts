import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@orchestra/contracts';
import { z } from 'zod';

const addressShape = z.object({ url: z.url(), pid: z.int() });

/** Where the platform of a data folder answers. */
export type Address = z.output<typeof addressShape>;

/** Leaves the address in the data folder, for the other commands. */
export async function writeAddress(folder: string, url: string): Promise<void> {
  await writeFile(fileIn(folder), JSON.stringify({ url, pid: process.pid }));
}

export async function removeAddress(folder: string): Promise<void> {
  await rm(fileIn(folder), { force: true });
}

/** The address of the platform that runs on a data folder, or null. */
export async function findAddress(folder: string): Promise<Address | null> {
  try {
    return addressShape.parse(JSON.parse(await readFile(fileIn(folder), 'utf8')));
  } catch {
    return null;
  }
}

/** Whether the process that wrote an address still lives. One of another user lives as well. */
export function isRunning({ pid }: Address): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}

function fileIn(folder: string): string {
  return join(folder, 'address.json');
}
