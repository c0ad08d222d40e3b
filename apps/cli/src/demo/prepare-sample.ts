import { join } from 'node:path';
import { findProgram } from '@orchestra/adapters/process';
import { createRepository, type Repository } from './repository.ts';

const samples = join(import.meta.dirname, '../../sample');

/** The files that make the second release fail under traffic. */
export const broken = join(samples, 'broken');

interface Prepare {
  /** The demo's own folder. */
  folder: string;
  /** Where users will reach the sample service. */
  port: number;
  /** Where terraform and tofu are looked up. */
  path: string;
}

export interface Sample {
  repository: Repository;
  /** Folder of the bare repositories, `<owner>/<name>.git`. */
  repositories: string;
  /** The infrastructure program that the run will use, or null. */
  infrastructure: string | null;
}

/** Makes a git repository of a small HTTP service with tests; with a Terraform plan where a program for it is there. */
export async function prepareSample({ folder, port, path }: Prepare): Promise<Sample> {
  const infrastructure = (await findProgram('tofu', path)) ?? (await findProgram('terraform', path));
  const section = infrastructure === null ? '' : 'infrastructure:\n  path: infrastructure\n';
  const repositories = join(folder, 'repositories');
  const repository = await createRepository({
    folder: join(folder, 'shop'),
    path: join(repositories, 'demo/shop.git'),
    files: [join(samples, 'shop')],
    values: { PORT: String(port), INFRASTRUCTURE: section },
  });
  return { repository, repositories, infrastructure };
}
