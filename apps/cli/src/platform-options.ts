import type { Command } from 'commander';
import type { ApiClient } from './client/api-client.ts';
import type { Console } from './console.ts';

/** What every command has that asks a running platform. */
export interface PlatformOptions {
  data: string;
  json?: boolean;
}

export function addPlatformOptions(command: Command): Command {
  return command
    .option(
      '--data <folder>',
      'the platform that runs on this folder; ORCHESTRA_URL and ORCHESTRA_TOKEN come first',
      '.orchestra',
    )
    .option('--json', 'print JSON');
}

/** The client for the platform that the options or the environment name. Throws as `findClient` does. */
export async function openClient({ data }: PlatformOptions, { environment }: Console): Promise<ApiClient> {
  const { findClient } = await import('./client/find-client.ts');
  return findClient({ environment, folder: data });
}

/** Path of a run below /api/v1, by its id or by owner/name#number. */
export function runPath(run: string, rest = ''): string {
  return `/runs/${encodeURIComponent(run)}${rest}`;
}
