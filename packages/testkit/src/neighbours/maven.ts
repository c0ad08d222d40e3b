import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, withCacheLock } from './cache-folder.ts';
import { installPackage } from './debian-packages.ts';
import { findProgram, runProgram } from './run-program.ts';

const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** Something on Maven Central. `exclusions` are `group:artifact`; `*:*` leaves out all that it needs. */
export interface Dependency {
  id: string;
  type?: string;
  classifier?: string;
  exclusions?: string[];
}

/**
 * Copies dependencies, and what they need at run time, into `folder`.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when Maven is missing and cannot be installed, or a file cannot be had
 */
export async function copyFromMaven(dependencies: Dependency[], folder: string): Promise<void> {
  if (findProgram('mvn') === null) await installPackage('maven');

  const pom = join(folder, 'pom.xml');
  await writeFile(pom, renderPom(dependencies));
  const repository = `-Dmaven.repo.local=${join(cacheFolder(), 'm2')}`;
  const output = `-DoutputDirectory=${folder}`;
  await withCacheLock('m2', () =>
    runProgram('mvn', ['-q', '-B', '-f', pom, repository, copyDependencies, '-DincludeScope=runtime', output]),
  );
}

/** The jars of a folder in the order of their names: class paths must be the same each time. */
export function listJars(folder: string): string[] {
  const jars = readdirSync(folder).filter((name) => name.endsWith('.jar'));
  return jars.toSorted().map((name) => join(folder, name));
}

function renderPom(dependencies: Dependency[]): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>orchestra</groupId><artifactId>neighbours</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>${dependencies.map(renderDependency).join('')}</dependencies>
</project>`;
}

function renderDependency({ id, type = 'jar', classifier, exclusions = [] }: Dependency): string {
  const [group = '', artifact = '', version = ''] = id.split(':');
  const excluded = exclusions.map((exclusion) => {
    const [excludedGroup = '', excludedArtifact = ''] = exclusion.split(':');
    return element('exclusion', element('groupId', excludedGroup) + element('artifactId', excludedArtifact));
  });
  const parts = [
    element('groupId', group) + element('artifactId', artifact) + element('version', version) + element('type', type),
    classifier === undefined ? '' : element('classifier', classifier),
    element('exclusions', excluded.join('')),
  ];
  return element('dependency', parts.join(''));
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}
